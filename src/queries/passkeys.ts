import { asc, eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { passkeys } from '../records/passkeys.ts'

const byCredential = prepared((db) =>
  db
    .select({
      id: passkeys.id,
      member: passkeys.member,
      publicKey: passkeys.publicKey,
      counter: passkeys.counter,
    })
    .from(passkeys)
    .where(eq(passkeys.credential, given('credential')))
    .prepare(),
)

const ofMember = prepared((db) =>
  db
    .select({
      id: passkeys.id,
      credential: passkeys.credential,
      name: passkeys.name,
      addedAt: passkeys.addedAt,
      usedAt: passkeys.usedAt,
    })
    .from(passkeys)
    .where(eq(passkeys.member, given('member')))
    .orderBy(asc(passkeys.addedAt), asc(passkeys.id))
    .prepare(),
)

/** The passkey whose credential has this id. */
export const passkeyByCredential = (cache: Reading, credential: string) =>
  byCredential(cache).get({ credential })

/** The passkeys of this member, in the order in which they came. */
export const passkeysOf = (cache: Reading, member: string) => ofMember(cache).all({ member })
