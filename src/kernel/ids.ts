/** Every prefix an id can have (archive-format.md, "What values look like"). */
export const prefixes = {
  archive: 'a',
  member: 'm',
  session: 's',
  invite: 'i',
  loginLink: 'l',
  prayer: 'p',
  application: 'q',
  passkey: 'k',
  signIn: 'n',
  label: 'b',
  publication: 'u',
} as const
export type Noun = keyof typeof prefixes

export const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** 80 random bits in 16 letters, five bits each. `bytes` holds at least 10. */
export function idOf(noun: Noun, bytes: Uint8Array): string {
  let text = `${prefixes[noun]}_`
  let bits = 0
  let held = 0
  for (const byte of bytes.subarray(0, 10)) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return text
}

export const idPattern = (noun: Noun) => new RegExp(`^${prefixes[noun]}_[${alphabet}]{16}$`)
