import { z } from 'zod'
import { Refusal } from '../kernel/refusal.ts'
import { sessionsOf } from '../queries/devices.ts'
import { sessionClosed } from '../records/sessions.ts'
import { command } from './command.ts'

const noSuchDevice = 'You are not signed in there any more.'

/** Signs one of one's own devices out, at once. */
export const closeSession = command({
  name: 'closeSession',
  input: z.object({ session: z.string(noSuchDevice) }),
  decide({ cache, actor, stamp }, { session }) {
    const isTheirs = sessionsOf(cache, actor.member, stamp.time).some(({ id }) => id === session)
    if (!isTheirs) throw new Refusal('not-found', noSuchDevice)
    return {
      drafts: [sessionClosed.of({ by: actor.member, session })],
      result: { isThis: session === actor.session },
    }
  },
})

/** Signs all of one's devices out but this one, at once. */
export const closeOtherSessions = command({
  name: 'closeOtherSessions',
  input: z.object({}),
  decide({ cache, actor, stamp }) {
    const others = sessionsOf(cache, actor.member, stamp.time).filter(({ id }) => id !== actor.session)
    const drafts = others.map(({ id }) => sessionClosed.of({ by: actor.member, session: id }))
    return { drafts, result: { closed: drafts.length } }
  },
})
