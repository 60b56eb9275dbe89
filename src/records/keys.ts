import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Projection } from '../kernel/event.ts'

/** What each idempotency key stands for: the same key from the same member is the same thing. */
export const keys = sqliteTable('keys', {
  key: text().primaryKey(),
  kind: text().notNull(),
  /** The id of what was made, or what it was done to. */
  thing: text().notNull(),
})

/** Every projector of a kind that takes a key calls this, and names `keys` among its tables. */
export function rememberKey(
  cache: Projection,
  event: { readonly kind: string; readonly key: string | undefined },
  thing: string,
) {
  if (event.key !== undefined) cache.put(keys, { key: event.key, kind: event.kind, thing })
}
