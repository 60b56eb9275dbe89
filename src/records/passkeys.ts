import { index, integer as integerColumn, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { base64url, id, integer, prose } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** Ways in by fingerprint, face or the code of a device (WebAuthn). All of it is public but for whose it is. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    id: text().primaryKey(),
    member: text().notNull(),
    /** The credential's id, base64url. */
    credential: text().notNull(),
    /** In COSE form, base64url. */
    publicKey: text().notNull(),
    /** How often it was used, as it says itself; many always say 0. */
    counter: integerColumn().notNull(),
    /** What its owner calls it. Null when that was erased. */
    name: text(),
    addedAt: text().notNull(),
    usedAt: text(),
  },
  (table) => [
    uniqueIndex('passkeys_credential').on(table.credential),
    index('passkeys_member').on(table.member),
  ],
)

export const passkeyAdded = defineEvent({
  name: 'passkey.added',
  version: 1,
  values: { passkey: id('passkey'), credential: base64url(), publicKey: base64url(), counter: integer() },
  blocks: { name: prose() },
  tables: [passkeys, audit],
  project: (cache, event) => {
    cache.put(passkeys, {
      id: event.passkey,
      member: event.by,
      credential: event.credential,
      publicKey: event.publicKey,
      counter: event.counter,
      name: event.name ?? null,
      addedAt: event.at,
      usedAt: null,
    })
    audited(cache, event, event.by)
  },
})

export const passkeyUsed = defineEvent({
  name: 'passkey.used',
  version: 1,
  values: { passkey: id('passkey'), counter: integer() },
  tables: [passkeys],
  project: (cache, event) => {
    cache.patch(passkeys, event.passkey, { counter: event.counter, usedAt: event.at })
  },
})

export const passkeyRemoved = defineEvent({
  name: 'passkey.removed',
  version: 1,
  critical: true,
  values: { passkey: id('passkey'), member: id('member') },
  tables: [passkeys, audit],
  project: (cache, event) => {
    cache.drop(passkeys, event.passkey)
    audited(cache, event, event.member)
  },
})
