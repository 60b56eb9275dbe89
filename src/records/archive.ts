import { integer as integerColumn, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import { defineEvent } from '../kernel/event.ts'
import { hex, id, integer } from '../kernel/fields.ts'
import { sealKeys } from './seal-keys.ts'

/** One row: which archive this is. */
export const archives = sqliteTable('archives', {
  id: text().primaryKey(),
  format: integerColumn().notNull(),
  openedAt: text().notNull(),
})

export const archiveOpened = defineEvent({
  name: 'archive.opened',
  version: 1,
  isGenesis: true,
  values: { archive: id('archive'), format: integer().pipe(z.literal(1)), key: hex(32) },
  tables: [archives, sealKeys],
  project: (cache, event) => {
    cache.put(archives, { id: event.archive, format: event.format, openedAt: event.at })
    cache.put(sealKeys, { key: event.key, addedAt: event.at })
  },
})
