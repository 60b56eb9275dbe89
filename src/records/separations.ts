import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id } from '../kernel/fields.ts'

/**
 * Two people who are kept apart: neither sees anything of the other. Each pair stands here from both sides, once for each
 * who wishes it: one of the two, the other, moderators. It is over when none of them does.
 */
export const separations = sqliteTable(
  'separations',
  {
    /** Member, other, and whose wish it is. */
    id: text().primaryKey(),
    member: text().notNull(),
    other: text().notNull(),
    /** Who wished it: one of the two, or a moderator for them. */
    by: text().notNull(),
    at: text().notNull(),
  },
  (table) => [index('separations_member').on(table.member, table.other)],
)

/** What one moderator decided another may take back. */
const wishOf = ({ one, other, by }: { one: string; other: string; by: string }) =>
  by === one || by === other ? by : 'moderator'

const values = { one: id('member'), other: id('member') }

export const pairSeparated = defineEvent({
  name: 'pair.separated',
  version: 1,
  critical: true,
  values,
  tables: [separations],
  project: (cache, { one, other, by, at }) => {
    const whose = wishOf({ one, other, by })
    cache.put(separations, { id: `${one}.${other}.${whose}`, member: one, other, by, at })
    cache.put(separations, { id: `${other}.${one}.${whose}`, member: other, other: one, by, at })
  },
})

export const pairRejoined = defineEvent({
  name: 'pair.rejoined',
  version: 1,
  values,
  tables: [separations],
  project: (cache, { one, other, by }) => {
    const whose = wishOf({ one, other, by })
    cache.drop(separations, `${one}.${other}.${whose}`)
    cache.drop(separations, `${other}.${one}.${whose}`)
  },
})
