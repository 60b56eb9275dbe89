import { sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'
import { keys, rememberKey } from './keys.ts'

/** The key that each member has on paper, if they made one: only its hash is here. */
export const paperKeys = sqliteTable(
  'paper_keys',
  {
    member: text().primaryKey(),
    /** SHA-256 of its 128 random bits. */
    hash: text().notNull(),
    madeAt: text().notNull(),
  },
  (table) => [uniqueIndex('paper_keys_hash').on(table.hash)],
)

/** The paper key before it opens nothing any more. */
export const paperKeyMade = defineEvent({
  name: 'paper-key.made',
  version: 1,
  critical: true,
  values: { hash: hex(32) },
  tables: [paperKeys, audit, keys],
  project: (cache, event) => {
    cache.put(paperKeys, { member: event.by, hash: event.hash, madeAt: event.at })
    audited(cache, event, event.by)
    rememberKey(cache, event, event.by)
  },
})
