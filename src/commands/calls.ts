import * as z from 'zod'
import { Refusal } from '../kernel/refusal.ts'
import { callOf } from '../queries/calls.ts'
import { mayMeet } from '../queries/may-see.ts'
import { callAsked, callTaken } from '../records/calls.ts'
import { command } from './command.ts'

const noCall = 'They asked for no call.'

/** Asks that somebody calls. The moderators learn who asks, and nothing of what they wrote. */
export const askCall = command({
  name: 'askCall',
  input: z.object({}),
  decide({ cache, actor }) {
    const isOpen = callOf(cache, actor.member)?.takenAt === null
    return { drafts: isOpen ? [] : [callAsked.of({ by: actor.member })], result: undefined }
  },
})

/** A moderator will call them. Who comes second finds that it is taken on. */
export const takeCall = command({
  name: 'takeCall',
  input: z.object({ member: z.string(noCall) }),
  decide({ cache, actor }, { member }) {
    const call = mayMeet(cache, actor.member, member) ? callOf(cache, member) : undefined
    if (!call) throw new Refusal('not-found', noCall)
    const drafts = call.takenAt === null ? [callTaken.of({ by: actor.member, member })] : []
    return { drafts, result: undefined }
  },
})
