import type { Letter } from '../outside/outbox.ts'
import { spoken } from './codes.ts'

/*
 * The letters of this site. None ever holds a word of anybody's prayer: mail lies about, and is read by others.
 */

interface ComingIn {
  readonly community: string
  readonly to: string
  readonly name: string | null
  readonly code: string
  readonly url: string
}

/** The number and the link with which somebody comes in. */
export const comingIn = ({ community, to, name, code, url }: ComingIn): Letter => ({
  to,
  subject: `Coming in to ${community}`,
  words: `${name === null ? 'Hello' : `Dear ${name}`},

somebody asked to come in to ${community} as you. If that was you, open this link and press the button:

${url}

or type this number where you asked: ${spoken(code)}

The link works once, for half an hour, and the number for ten minutes. Give them to nobody: nobody from this site will
ever ask you for them.

If it was not you, you need not do anything. Nobody has come in.
`,
})

/** The number that shows that an address is theirs who gave it. */
export const confirming = (community: string, to: string, code: string): Letter => ({
  to,
  subject: `Your address at ${community}`,
  words: `Hello,

somebody who belongs to ${community} has said that this is their address. If that was you, type this number there:

${spoken(code)}

It is good for ten minutes. If it was not you, you need not do anything: no more mail will come.
`,
})

/** To the address that was theirs, so that nobody takes it from them unseen. */
export const noMoreTo = (community: string, to: string, name: string): Letter => ({
  to,
  subject: `No more mail from ${community}`,
  words: `Dear ${name},

from now on no mail of ${community} comes to this address, and nobody can come in by it. That was done on one of your
devices.

If it was not you, look at your devices there, and speak with whoever looks after the site.
`,
})
