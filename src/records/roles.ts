import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { roles as roleNames } from '../kernel/actor.ts'
import { defineEvent } from '../kernel/event.ts'
import { id, moment, oneOf } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'
import { members } from './members.ts'

/** Who holds which role now. */
export const roles = sqliteTable(
  'roles',
  {
    /** Member and role: nobody holds a role twice. */
    id: text().primaryKey(),
    member: text().notNull(),
    role: text({ enum: roleNames }).notNull(),
    grantedBy: text().notNull(),
    grantedAt: text().notNull(),
    /** When it ends by itself. */
    until: text(),
  },
  (table) => [index('roles_member').on(table.member), index('roles_role').on(table.role)],
)

const values = { member: id('member'), role: oneOf(roleNames) }
const holding = (event: { member: string; role: string }) => `${event.member}.${event.role}`

export const roleGranted = defineEvent({
  name: 'role.granted',
  version: 2,
  values: { ...values, until: moment().optional() },
  lift: { 1: (wording) => wording },
  tables: [roles, members, audit],
  project: (cache, event) => {
    cache.put(roles, {
      id: holding(event),
      member: event.member,
      role: event.role,
      grantedBy: event.by,
      grantedAt: event.at,
      until: event.until ?? null,
    })
    cache.patch(members, event.member, { rightsChangedAt: event.at })
    audited(cache, event, event.member, event.role)
  },
})

export const roleRevoked = defineEvent({
  name: 'role.revoked',
  version: 2,
  critical: true,
  values,
  lift: { 1: (wording) => wording },
  tables: [roles, members, audit],
  project: (cache, event) => {
    cache.drop(roles, holding(event))
    cache.patch(members, event.member, { rightsChangedAt: event.at })
    audited(cache, event, event.member, event.role)
  },
})
