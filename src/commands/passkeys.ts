import * as z from 'zod'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { passkeyByCredential, passkeysOf } from '../queries/passkeys.ts'
import { passkeyAdded, passkeyRemoved, passkeyUsed } from '../records/passkeys.ts'
import { command } from './command.ts'
import { arriving, comeIn } from './sessions.ts'
import { typed } from './words.ts'

/*
 * To prove a signature takes a while, and nothing here waits: the web does that before it comes here, and hands on what was
 * proved. What depends on other records is decided here.
 */

/** What somebody reads whose passkey did not let them in, for whatever reason: it tells nobody which passkeys there are. */
export const notLetIn = 'This passkey does not let you in. Try once more, or come in by another way.'

const most = 20
const unnamed = 'Give it a name by which you know it again.'
const noSuchPasskey = 'There is no such passkey.'

/** One way in more: of this device, or of a key that one carries. */
export const addPasskey = command({
  name: 'addPasskey',
  input: z.object({
    name: typed(60, unnamed)
      .refine((name) => name !== '', unnamed)
      .refine((name) => !name.includes('\n'), 'Keep this to one line.'),
    credential: z.string(),
    publicKey: z.string(),
    counter: z.number(),
  }),
  decide({ cache, actor, stamp }, { name, credential, publicKey, counter }) {
    if (credential.length > 512 || publicKey.length > 512)
      throw invalid('passkey', 'This device makes passkeys of a sort that cannot be kept here.')
    if (passkeyByCredential(cache, credential)) throw invalid('passkey', 'This passkey is here already.')
    if (passkeysOf(cache, actor.member).length >= most)
      throw invalid('passkey', `You have ${most} passkeys. Remove one that you do not use.`)
    const passkey = stamp.id('passkey')
    const added = { by: actor.member, passkey, credential, publicKey, counter, name }
    return { drafts: [passkeyAdded.of(added)], result: { passkey } }
  },
})

/** It opens nothing any more. */
export const removePasskey = command({
  name: 'removePasskey',
  input: z.object({ passkey: z.string(noSuchPasskey) }),
  decide({ cache, actor }, { passkey }) {
    if (!passkeysOf(cache, actor.member).some(({ id }) => id === passkey))
      throw new Refusal('not-found', noSuchPasskey)
    const { member } = actor
    return { drafts: [passkeyRemoved.of({ by: member, passkey, member })], result: {} }
  },
})

/** Comes in by a passkey that has signed this browser's challenge. */
export const signInByPasskey = command({
  name: 'signInByPasskey',
  input: arriving.extend({
    credential: z.string(),
    counter: z.number(),
    /** Whose it says that it is. */
    owner: z.string().optional(),
  }),
  decide(asked, { credential, counter, owner, ...arrival }) {
    const found = passkeyByCredential(asked.cache, credential)
    if (!found || owner !== found.member) throw invalid('passkey', notLetIn)
    // Many always say 0; one that counts and goes back was copied.
    if ((counter > 0 || found.counter > 0) && counter <= found.counter) throw invalid('passkey', notLetIn)
    const { closed, session } = comeIn(asked, found.member, { ...arrival, how: 'passkey' })
    const used = passkeyUsed.of({ by: found.member, passkey: found.id, counter })
    return { drafts: [...closed, used, session.draft], result: session.opened }
  },
})
