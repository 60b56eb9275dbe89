import { integer as integerColumn, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, integer } from '../kernel/fields.ts'

/** The keys that words were sealed with: a start knows by them whether one is missing, and makes none in silence. */
export const sealingKeys = sqliteTable('sealing_keys', {
  number: integerColumn().primaryKey(),
  /** Digest of the key: says whether a file holds this key, and nothing else about it. */
  digest: text().notNull(),
  madeAt: text().notNull(),
})

export const sealingKeyMade = defineEvent({
  name: 'sealing-key.made',
  version: 1,
  critical: true,
  values: { number: integer(), digest: hex(32) },
  tables: [sealingKeys],
  project: (cache, { number, digest, at }) => {
    cache.put(sealingKeys, { number, digest, madeAt: at })
  },
})
