import * as z from 'zod'
import { isMember, writtenBy } from '../kernel/actor.ts'
import { allOpenSessions, openSessionsOf } from '../queries/sessions.ts'
import { sessionsClosed } from '../records/administration.ts'
import { sessionClosed } from '../records/sessions.ts'
import { command } from './command.ts'
import { endAllSignIns, endSignIns } from './sign-ins.ts'
import { meant, whom } from './whom.ts'

/** Signs somebody out everywhere, also whoever is about to come in as them; they stay, and come back by the ways they have. */
export const closeSessionsOf = command({
  name: 'closeSessionsOf',
  input: z.object(whom),
  decide({ cache, actor, stamp }, input) {
    const { id: member, name } = meant(cache, input)
    const by = writtenBy(actor)
    const closed = openSessionsOf(cache, member, stamp.time).map((session) =>
      sessionClosed.of({ by, session }),
    )
    const drafts = [...closed, ...endSignIns(cache, by, member, stamp.time)]
    return {
      drafts: drafts.length > 0 ? [sessionsClosed.of({ by, member }), ...drafts] : [],
      result: { member, name, sessions: closed.length },
    }
  },
})

/** Signs everyone out everywhere, but for whoever asks on this very device: somebody has to be able to go on. */
export const closeAllSessions = command({
  name: 'closeAllSessions',
  input: z.object({}),
  decide({ cache, actor, stamp }) {
    const by = writtenBy(actor)
    const own = isMember(actor) ? actor.session : undefined
    const closed = allOpenSessions(cache, stamp.time)
      .filter((session) => session !== own)
      .map((session) => sessionClosed.of({ by, session }))
    const drafts = [...closed, ...endAllSignIns(cache, by, stamp.time)]
    return {
      drafts: drafts.length > 0 ? [sessionsClosed.of({ by }), ...drafts] : [],
      result: { sessions: closed.length },
    }
  },
})
