import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { roles, writtenBy } from '../kernel/actor.ts'
import type { Moment } from '../kernel/moment.ts'
import { invalid } from '../kernel/refusal.ts'
import { endOfDay } from '../kernel/zones.ts'
import { openLoginLinksBy } from '../queries/login-links.ts'
import { memberById, standingOf } from '../queries/members.ts'
import { holding, otherAdmins } from '../queries/roles.ts'
import { settingsOf } from '../queries/settings.ts'
import { loginLinkRevoked } from '../records/login-links.ts'
import { roleGranted, roleRevoked } from '../records/roles.ts'
import { command, optional } from './command.ts'
import { meant, whom } from './whom.ts'

const input = z.object({
  ...whom,
  role: z.enum(roles, `A role is one of: ${roles.join(', ')}.`),
})

const noDay = 'Say the last day as a date, like 2027-03-31.'

/** Gives a role, for good or until the end of a day. */
export const grantRole = command({
  name: 'grantRole',
  input: input.extend({ until: optional(z.iso.date(noDay)) }),
  decide({ cache, actor, stamp }, { role, until: day, ...who }) {
    const member = meant(cache, who)
    const result = { member: member.id, name: member.name }
    const until = day && endOfDay(settingsOf(cache).timeZone, day)
    if (until && until <= stamp.time) throw invalid('until', 'That day is over.')
    if (standingOf(cache, member.id) !== 'here')
      throw invalid('name', `${member.name} is not here, and so cannot have a role.`)
    const held = holding(cache, member.id, role)
    if (held && held.until === (until ?? null)) return { drafts: [], result }
    if (role === 'admin' && until) requireAnotherAdmin(cache, member.id, stamp.time)
    return { drafts: [roleGranted.of({ by: writtenBy(actor), member: member.id, role, until })], result }
  },
})

/**
 * Takes a role back; the links end that somebody made as an admin, for they may have kept them. A community always keeps
 * somebody who can look after it.
 */
export const revokeRole = command({
  name: 'revokeRole',
  input,
  decide({ cache, actor, stamp }, { role, ...who }) {
    const member = meant(cache, who)
    const result = { member: member.id, name: member.name }
    if (!holding(cache, member.id, role)) return { drafts: [], result }
    if (role === 'admin') requireAnotherAdmin(cache, member.id, stamp.time)
    const by = writtenBy(actor)
    const links = role === 'admin' ? openLoginLinksBy(cache, member.id, stamp.time) : []
    return {
      drafts: [
        roleRevoked.of({ by, member: member.id, role }),
        ...links.map((link) => loginLinkRevoked.of({ by, link })),
      ],
      result,
    }
  },
})

/**
 * Throws a Refusal where this member is an admin now and without them nobody would be one for good: whoever is one for a
 * while only will not be there when it is needed.
 */
export function requireAnotherAdmin(cache: Reading, member: string, now: Moment) {
  const held = holding(cache, member, 'admin')
  const isAdmin = held && (held.until === null || held.until > now) && standingOf(cache, member) === 'here'
  if (!isAdmin) return
  const others = otherAdmins(cache, member, now)
  const isEnough = held.until === null ? others.some(({ until }) => until === null) : others.length > 0
  if (isEnough) return
  const name = memberById(cache, member)?.name ?? 'This'
  throw invalid(
    'name',
    `${name} is the only admin${others.length > 0 ? ' for good' : ''}. Make somebody else one first.`,
  )
}
