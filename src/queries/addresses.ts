import { eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Moment } from '../kernel/moment.ts'
import { addresses } from '../records/addresses.ts'
import { members } from '../records/members.ts'

const fields = {
  member: addresses.member,
  name: members.name,
  standing: members.standing,
  address: addresses.address,
  addedAt: addresses.addedAt,
}

const ofMember = prepared((db) =>
  db
    .select(fields)
    .from(addresses)
    .innerJoin(members, eq(members.id, addresses.member))
    .where(eq(addresses.member, given('member')))
    .prepare(),
)

const byLookUp = prepared((db) =>
  db
    .select(fields)
    .from(addresses)
    .innerJoin(members, eq(members.id, addresses.member))
    .where(eq(addresses.lookUp, given('lookUp')))
    .prepare(),
)

/** Where a member of these gets mail. */
export interface Reachable {
  readonly member: string
  readonly name: string | null
  readonly address: string
}

/** The form in which two addresses are compared: nobody's mail server tells capitals apart. */
export const addressKey = (address: string) => address.normalize('NFKC').trim().toLowerCase()

/** What an address is found by. Throws a Refusal without a key. */
export const addressLookUp = (keyring: Keyring, address: string) =>
  keyring.lookUp('mail address', addressKey(address))

/** The address of this member; null in it when no key of this site opens it. */
export function addressOf(
  cache: Reading,
  keyring: Keyring,
  member: string,
): { readonly address: string | null; readonly addedAt: Moment } | undefined {
  const found = ofMember(cache).get({ member })
  return found && { address: opened(keyring, found), addedAt: found.addedAt }
}

/** Whether this member has given one. */
export const hasAddress = (cache: Reading, member: string) => ofMember(cache).get({ member }) !== undefined

/** Who here gets mail at this address, or is called so and gets mail. */
export function reachable(
  cache: Reading,
  keyring: Keyring,
  { address, member }: { readonly address: string; readonly member: string },
): Reachable[] {
  const rows = [
    ...ofMember(cache).all({ member }),
    ...byLookUp(cache).all({ lookUp: addressLookUp(keyring, address) }),
  ]
  return rows.flatMap((row) => {
    const address = opened(keyring, row)
    return row.standing === 'here' && address !== null
      ? [{ member: row.member, name: row.name, address }]
      : []
  })
}

const opened = (keyring: Keyring, { member, address }: { member: string; address: string | null }) =>
  (address !== null && keyring.open({ kind: 'address.added', field: 'address', id: member }, address)) || null
