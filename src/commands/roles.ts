import { z } from 'zod'
import { roles, writtenBy } from '../kernel/actor.ts'
import { invalid } from '../kernel/refusal.ts'
import { countHolders, holding } from '../queries/roles.ts'
import { roleGranted, roleRevoked } from '../records/roles.ts'
import { command, optional } from './command.ts'
import { memberCalled } from './members.ts'

const input = z.object({
  name: z.string('Say who, by name.'),
  role: z.enum(roles, `A role is one of: ${roles.join(', ')}.`),
})

const noDay = 'Say the last day as a date, like 2027-03-31.'

/** Gives a role, for good or until the end of a day. */
export const grantRole = command({
  name: 'grantRole',
  input: input.extend({ until: optional(z.iso.date(noDay)) }),
  decide({ cache, actor, stamp }, { name, role, until: day }) {
    const member = memberCalled(cache, name)
    const result = { member: member.id, name: member.name }
    const until = day && `${day}T23:59:59.999Z`
    if (until && until <= stamp.time) throw invalid('until', 'That day is over.')
    if (holding(cache, member.id, role)?.until === (until ?? null)) return { drafts: [], result }
    return { drafts: [roleGranted.of({ by: writtenBy(actor), member: member.id, role, until })], result }
  },
})

/** Takes a role back. A community always keeps somebody who can look after it. */
export const revokeRole = command({
  name: 'revokeRole',
  input,
  decide({ cache, actor, stamp }, { name, role }) {
    const member = memberCalled(cache, name)
    const result = { member: member.id, name: member.name }
    const held = holding(cache, member.id, role)
    if (!held) return { drafts: [], result }
    const counts = held.until === null || held.until > stamp.time
    if (role === 'admin' && counts && countHolders(cache, role, stamp.time) === 1) {
      throw invalid('name', `${member.name} is the only ${role}. Make somebody else one first.`)
    }
    return { drafts: [roleRevoked.of({ by: writtenBy(actor), member: member.id, role })], result }
  },
})
