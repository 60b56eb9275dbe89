import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id } from '../kernel/fields.ts'

/** Two people who are kept apart: neither sees anything of the other. Each pair stands here from both sides. */
export const separations = sqliteTable(
  'separations',
  {
    /** Member and other. */
    id: text().primaryKey(),
    member: text().notNull(),
    other: text().notNull(),
    /** Who wished it: one of the two, or a moderator for them. */
    by: text().notNull(),
    at: text().notNull(),
  },
  (table) => [index('separations_member').on(table.member, table.other)],
)

const values = { one: id('member'), other: id('member') }

export const pairSeparated = defineEvent({
  name: 'pair.separated',
  version: 1,
  critical: true,
  values,
  tables: [separations],
  project: (cache, { one, other, by, at }) => {
    cache.put(separations, { id: `${one}.${other}`, member: one, other, by, at })
    cache.put(separations, { id: `${other}.${one}`, member: other, other: one, by, at })
  },
})

export const pairRejoined = defineEvent({
  name: 'pair.rejoined',
  version: 1,
  values,
  tables: [separations],
  project: (cache, { one, other }) => {
    cache.drop(separations, `${one}.${other}`)
    cache.drop(separations, `${other}.${one}`)
  },
})
