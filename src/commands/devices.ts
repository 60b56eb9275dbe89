import * as z from 'zod'
import { Refusal } from '../kernel/refusal.ts'
import { sessionsOf } from '../queries/devices.ts'
import { sessionClosed } from '../records/sessions.ts'
import { command } from './command.ts'
import { endSignIns } from './sign-ins.ts'

const noSuchDevice = 'You are not signed in there any more.'

/*
 * Whoever holds a device that is to be out may have let another in with it, which has not come in yet: that ends with it.
 */

/** Signs one of one's own devices out, at once. */
export const closeSession = command({
  name: 'closeSession',
  input: z.object({ session: z.string(noSuchDevice) }),
  decide({ cache, actor, stamp }, { session }) {
    const isTheirs = sessionsOf(cache, actor.member, stamp.time).some(({ id }) => id === session)
    if (!isTheirs) throw new Refusal('not-found', noSuchDevice)
    const { member } = actor
    const isThis = session === actor.session
    return {
      drafts: [
        sessionClosed.of({ by: member, session }),
        ...(isThis ? [] : endSignIns(cache, member, member, stamp.time)),
      ],
      result: { isThis },
    }
  },
})

/** Signs all of one's devices out but this one, at once. */
export const closeOtherSessions = command({
  name: 'closeOtherSessions',
  input: z.object({}),
  decide({ cache, actor, stamp }) {
    const { member } = actor
    const others = sessionsOf(cache, member, stamp.time).filter(({ id }) => id !== actor.session)
    const closed = others.map(({ id }) => sessionClosed.of({ by: member, session: id }))
    return {
      drafts: [...closed, ...endSignIns(cache, member, member, stamp.time)],
      result: { closed: closed.length },
    }
  },
})
