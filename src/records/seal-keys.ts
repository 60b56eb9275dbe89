import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, oneOf } from '../kernel/fields.ts'

/** Public keys whose seals this archive accepts. */
export const sealKeys = sqliteTable('seal_keys', {
  key: text().primaryKey(),
  addedAt: text().notNull(),
})

/** The private key was lost, replaced, or the archive moved to a machine with a key of its own. */
export const keyAdded = defineEvent({
  name: 'key.added',
  version: 1,
  critical: true,
  values: { publicKey: hex(32), why: oneOf(['lost', 'rotated', 'moved']) },
  tables: [sealKeys],
  project: (cache, event) => {
    cache.put(sealKeys, { key: event.publicKey, addedAt: event.at })
  },
})
