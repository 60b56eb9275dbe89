import * as z from 'zod'
import { composed } from '../kernel/prose.ts'
import { addressLookUp, addressOf } from '../queries/addresses.ts'
import { addressAdded, addressRemoved } from '../records/addresses.ts'
import { command } from './command.ts'

/** A mail address as somebody types it. */
export const mailAddress = z
  .string('Write your mail address.')
  .trim()
  .min(1, 'Write your mail address.')
  .max(254, 'This is too long for a mail address.')
  .transform(composed)
  .pipe(z.email('This does not look like a mail address. It has an @ in its middle, like ruth@mail.example.'))

/** Keeps an address that is known to be theirs, in place of the one before: only whoever asked for its number types it. */
export const addAddress = command({
  name: 'addAddress',
  input: z.object({ address: mailAddress }),
  decide({ actor, stamp }, { address }) {
    const { member } = actor
    const sealed = stamp.seal({ kind: 'address.added', field: 'address', id: member }, address)
    const lookUp = addressLookUp(stamp.keyring, address)
    return { drafts: [addressAdded.of({ by: member, member, lookUp, address: sealed })], result: {} }
  },
})

/** No mail goes there any more. */
export const removeAddress = command({
  name: 'removeAddress',
  input: z.object({}),
  decide({ cache, actor, stamp }) {
    const { member } = actor
    const isThere = addressOf(cache, stamp.keyring, member) !== undefined
    return { drafts: isThere ? [addressRemoved.of({ by: member, member })] : [], result: {} }
  },
})
