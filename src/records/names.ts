import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Projection } from '../kernel/event.ts'
import { nameKey } from '../kernel/names.ts'

/** Every name that anybody had, by the record that gave it: the newest of a member is the one they have. */
export const names = sqliteTable(
  'names',
  {
    sequence: integer().primaryKey(),
    /** The closing hash of that record: the name is erased by these two. */
    hash: text().notNull(),
    member: text().notNull(),
    /** Null when it was erased. */
    name: text(),
    nameKey: text(),
    at: text().notNull(),
  },
  (table) => [
    index('names_member').on(table.member, table.sequence),
    index('names_name_key').on(table.nameKey),
  ],
)

interface Named {
  readonly sequence: number
  readonly closing: string
  readonly member: string
  readonly name: string | undefined
  readonly at: string
}

export const rememberName = (cache: Projection, { sequence, closing, member, name, at }: Named) =>
  cache.put(names, {
    sequence,
    hash: closing,
    member,
    name: name ?? null,
    nameKey: name === undefined ? null : nameKey(name),
    at,
  })
