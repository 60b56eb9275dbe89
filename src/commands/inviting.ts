import * as z from 'zod'
import { writtenBy } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { memberById } from '../queries/members.ts'
import { invitingPaused, invitingResumed } from '../records/members.ts'
import { command, type Deciding } from './command.ts'

const noSuchMember = 'There is nobody like that here.'
const input = z.object({ member: z.string(noSuchMember) })

/** Whoever it is about makes no more invites for now, and those that are open open nothing until it is over. */
export const pauseInviting = command({
  name: 'pauseInviting',
  input,
  decide({ cache, actor }, { member }) {
    const isPaused = someone(cache, member).invitingPausedAt !== null
    return { drafts: isPaused ? [] : [invitingPaused.of({ by: writtenBy(actor), member })], result: {} }
  },
})

/** They may invite again. */
export const resumeInviting = command({
  name: 'resumeInviting',
  input,
  decide({ cache, actor }, { member }) {
    const isPaused = someone(cache, member).invitingPausedAt !== null
    return { drafts: isPaused ? [invitingResumed.of({ by: writtenBy(actor), member })] : [], result: {} }
  },
})

function someone(cache: Deciding['cache'], member: string) {
  const found = memberById(cache, member)
  if (!found || found.standing === 'declined') throw new Refusal('not-found', noSuchMember)
  return found
}
