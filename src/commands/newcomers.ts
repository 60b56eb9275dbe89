import * as z from 'zod'
import { writtenBy } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { memberById } from '../queries/members.ts'
import { declineOf } from '../queries/newcomers.ts'
import { memberAdmitted, memberDeclined } from '../records/members.ts'
import { command, type Deciding, optional } from './command.ts'
import { typed } from './words.ts'

const nobodyWaits = 'Nobody like that waits for an answer.'
const member = z.string(nobodyWaits)

/** An admin's yes: the newcomer belongs here from now on. Said twice, it is said once. */
export const admitMember = command({
  name: 'admitMember',
  input: z.object({ member }),
  decide({ cache, actor }, { member }) {
    const isHere = requireNewcomer(cache, member, 'here')
    return { drafts: isHere ? [] : [memberAdmitted.of({ by: writtenBy(actor), member })], result: {} }
  },
})

/** An admin's no, with what the newcomer reads of it. */
export const declineMember = command({
  name: 'declineMember',
  input: z.object({ member, reason: optional(typed(1_000, 'Write a few words, or leave this empty.')) }),
  decide({ cache, actor, stamp }, { member, reason }) {
    if (requireNewcomer(cache, member, 'declined')) return { drafts: [], result: {} }
    const kept = reason && stamp.seal(declineOf(member), reason)
    return { drafts: [memberDeclined.of({ by: writtenBy(actor), member, reason: kept })], result: {} }
  },
})

/** Whether that was decided so already. */
function requireNewcomer(cache: Deciding['cache'], member: string, decided: 'here' | 'declined'): boolean {
  const standing = memberById(cache, member)?.standing
  if (standing !== 'waiting' && standing !== decided) throw new Refusal('not-found', nobodyWaits)
  return standing === decided
}
