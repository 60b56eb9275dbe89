import type { Keyring } from '../kernel/keyring.ts'
import type { Belonging } from '../kernel/sealing.ts'
import type { Audience } from '../records/prayers.ts'

/** A word of a request that fewer than everyone may see: of the record that posted it, or of one that came after. */
export const belonging = (
  prayer: string,
  field: string,
  kind: `prayer.${string}` = 'prayer.posted',
): Belonging => ({ kind, field, id: prayer })

/** A word of a request as it was written; null when it was erased, undefined when no key opens it. */
export const openedWord = (
  keyring: Keyring,
  { id, sees }: { readonly id: string; readonly sees: Audience },
  field: string,
  word: string | null,
  kind: `prayer.${string}` = 'prayer.posted',
): string | null | undefined =>
  word === null || sees === 'everyone' ? word : keyring.open(belonging(id, field, kind), word)
