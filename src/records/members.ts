import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, prose } from '../kernel/fields.ts'
import { nameKey } from '../kernel/names.ts'

export const members = sqliteTable(
  'members',
  {
    id: text().primaryKey(),
    /** Null when the name was erased. */
    name: text(),
    /** What two names are compared by; that nobody has another's is decided by commands, never by an index. */
    nameKey: text(),
    joinedAt: text().notNull(),
    sequence: integer().notNull(),
    invite: text(),
    invitedBy: text(),
  },
  (table) => [index('members_name_key').on(table.nameKey), index('members_invite').on(table.invite)],
)

export const memberJoined = defineEvent({
  name: 'member.joined',
  version: 1,
  values: {
    member: id('member'),
    invite: id('invite').optional(),
    invitedBy: id('member').optional(),
  },
  blocks: { name: prose() },
  tables: [members],
  project: (cache, event) => {
    cache.put(members, {
      id: event.member,
      name: event.name ?? null,
      nameKey: event.name === undefined ? null : nameKey(event.name),
      joinedAt: event.at,
      sequence: event.sequence,
      invite: event.invite ?? null,
      invitedBy: event.invitedBy ?? null,
    })
  },
})
