import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, id, sealed } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** The mail address of each member who gave and confirmed one. */
export const addresses = sqliteTable(
  'addresses',
  {
    member: text().primaryKey(),
    /** Keyed hash of the address: what it is found by. */
    lookUp: text().notNull(),
    /** Sealed, bound to `address.added`, `address` and the member. Null when it was erased. */
    address: text(),
    addedAt: text().notNull(),
  },
  (table) => [index('addresses_look_up').on(table.lookUp)],
)

/** The address before it is theirs no more. */
export const addressAdded = defineEvent({
  name: 'address.added',
  version: 1,
  critical: true,
  values: { member: id('member'), lookUp: hex(32) },
  blocks: { address: sealed() },
  tables: [addresses, audit],
  project: (cache, event) => {
    cache.put(addresses, {
      member: event.member,
      lookUp: event.lookUp,
      address: event.address ?? null,
      addedAt: event.at,
    })
    audited(cache, event, event.member)
  },
})

export const addressRemoved = defineEvent({
  name: 'address.removed',
  version: 1,
  critical: true,
  values: { member: id('member') },
  tables: [addresses, audit],
  project: (cache, event) => {
    cache.drop(addresses, event.member)
    audited(cache, event, event.member)
  },
})
