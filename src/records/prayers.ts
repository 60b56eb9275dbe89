import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id, oneOf, prose, sealed } from '../kernel/fields.ts'
import { keys, rememberKey } from './keys.ts'

/** Who may see a request: everyone here, its author and the prayer team, or its author alone. */
export const audiences = ['everyone', 'team', 'me'] as const
export type Audience = (typeof audiences)[number]

export const prayers = sqliteTable(
  'prayers',
  {
    id: text().primaryKey(),
    /** The place of its record in the archive: newest first is by this. */
    sequence: integer().notNull(),
    /** Null when it was asked without a name: then `sealedAuthor` says who. */
    author: text(),
    /** Bound to `prayer.posted`, `author` and the request. */
    sealedAuthor: text(),
    postedAt: text().notNull(),
    sees: text({ enum: audiences }).notNull(),
    /** Sealed when fewer than everyone may see it, bound to `prayer.posted`, the field and the request. */
    forWhom: text(),
    /** The same. Null when the words were erased. */
    request: text(),
  },
  (table) => [
    uniqueIndex('prayers_sequence').on(table.sequence),
    index('prayers_author').on(table.author, table.sequence),
  ],
)

export const prayerPosted = defineEvent({
  name: 'prayer.posted',
  version: 2,
  // Without a name it is written by "someone".
  values: { prayer: id('prayer'), sees: oneOf(audiences) },
  blocks: { forWhom: prose().optional(), request: prose(), author: sealed().optional() },
  lift: { 1: (wording) => wording },
  tables: [prayers, keys],
  project: (cache, event) => {
    cache.put(prayers, {
      id: event.prayer,
      sequence: event.sequence,
      author: event.by === 'someone' ? null : event.by,
      sealedAuthor: event.author ?? null,
      postedAt: event.at,
      sees: event.sees,
      forWhom: event.forWhom ?? null,
      request: event.request ?? null,
    })
    rememberKey(cache, event, event.prayer)
  },
})
