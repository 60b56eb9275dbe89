import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { roles as roleNames } from '../kernel/actor.ts'
import { defineEvent } from '../kernel/event.ts'
import { id, oneOf } from '../kernel/fields.ts'

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
  },
  (table) => [index('roles_member').on(table.member), index('roles_role').on(table.role)],
)

const values = { member: id('member'), role: oneOf(roleNames) }
const holding = (event: { member: string; role: string }) => `${event.member}.${event.role}`

export const roleGranted = defineEvent({
  name: 'role.granted',
  version: 1,
  values,
  tables: [roles],
  project: (cache, event) => {
    cache.put(roles, {
      id: holding(event),
      member: event.member,
      role: event.role,
      grantedBy: event.by,
      grantedAt: event.at,
    })
  },
})

export const roleRevoked = defineEvent({
  name: 'role.revoked',
  version: 1,
  critical: true,
  values,
  tables: [roles],
  project: (cache, event) => {
    cache.drop(roles, holding(event))
  },
})
