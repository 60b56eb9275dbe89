import { integer as integerColumn, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, integer, oneOf, word } from '../kernel/fields.ts'

/** Why words were erased; never free text, which would be words again. */
export const erasureReasons = ['wish', 'privacy', 'law', 'mistake'] as const

/** Which blocks were erased. The words themselves leave the segment and every cache (archive-format.md, "Erasure"). */
export const erasures = sqliteTable('erasures', {
  sequence: integerColumn().primaryKey(),
  record: integerColumn().notNull(),
  hash: text().notNull(),
  field: text().notNull(),
  why: text({ enum: erasureReasons }).notNull(),
  /** When it was written: what `erasures.txt` says, too. */
  at: text().notNull(),
})

export const recordErased = defineEvent({
  name: 'record.erased',
  version: 1,
  critical: true,
  values: { record: integer(), hash: hex(32), field: word(), why: oneOf(erasureReasons) },
  tables: [erasures],
  project: (cache, event) => {
    cache.put(erasures, {
      sequence: event.sequence,
      record: event.record,
      hash: event.hash,
      field: event.field,
      why: event.why,
      at: event.writtenAt,
    })
  },
})
