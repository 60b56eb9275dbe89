import { z } from 'zod'
import { roles } from '../kernel/actor.ts'
import { invalid } from '../kernel/refusal.ts'
import { countHolders, holdsRole } from '../queries/roles.ts'
import { roleGranted, roleRevoked } from '../records/roles.ts'
import { command } from './command.ts'
import { memberCalled } from './members.ts'

const input = z.object({
  name: z.string('Say who, by name.'),
  role: z.enum(roles, `A role is one of: ${roles.join(', ')}.`),
})

export const grantRole = command({
  name: 'grantRole',
  input,
  decide({ cache }, { name, role }) {
    const member = memberCalled(cache, name)
    const result = { member: member.id, name: member.name }
    if (holdsRole(cache, member.id, role)) return { drafts: [], result }
    return { drafts: [roleGranted.of({ by: 'operator', member: member.id, role })], result }
  },
})

/** Takes a role back. A community always keeps somebody who can look after it. */
export const revokeRole = command({
  name: 'revokeRole',
  input,
  decide({ cache }, { name, role }) {
    const member = memberCalled(cache, name)
    const result = { member: member.id, name: member.name }
    if (!holdsRole(cache, member.id, role)) return { drafts: [], result }
    if (countHolders(cache, role) === 1) {
      throw invalid('name', `${member.name} is the only ${role}. Make somebody else one first.`)
    }
    return { drafts: [roleRevoked.of({ by: 'operator', member: member.id, role })], result }
  },
})
