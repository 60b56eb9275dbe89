import { and, asc, gt, isNull } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { prayers } from '../records/prayers.ts'

/*
 * Who asked without their name. The cache has it sealed, as the archive does, so it is opened here and kept in memory only:
 * no row and no record says which of these requests are of one person.
 */

/** Where the sealed author of a request belongs. */
const authorOf = (prayer: string) => ({ kind: 'prayer.posted', field: 'author', id: prayer })

/** Who wrote a request; undefined when its author is sealed and no key opens it. */
export const authorIn = (
  keyring: Keyring,
  { id, author, sealedAuthor }: { id: string; author: string | null; sealedAuthor: string | null },
): string | undefined =>
  author ?? (sealedAuthor === null ? undefined : keyring.open(authorOf(id), sealedAuthor))

export const sealAuthor = (
  stamp: { seal(to: ReturnType<typeof authorOf>, words: string): string },
  prayer: string,
  author: string,
) => stamp.seal(authorOf(prayer), author)

/** Ids of requests by who asked without their name; those whose author no key opens stand under undefined. */
export type Nameless = ReadonlyMap<string | undefined, readonly string[]>

const since = prepared((db) =>
  db
    .select({
      sequence: prayers.sequence,
      id: prayers.id,
      author: prayers.author,
      sealedAuthor: prayers.sealedAuthor,
    })
    .from(prayers)
    .where(and(isNull(prayers.author), gt(prayers.sequence, given('sequence'))))
    .orderBy(asc(prayers.sequence))
    .prepare(),
)

interface Kept {
  readonly byAuthor: Map<string | undefined, string[]>
  readonly isWhole: boolean
  sequence: number
}

const kept = new WeakMap<Reading, Kept>()

/** What everybody asked without their name. Requests are only ever added, so each is opened once for a connection that reads. */
export function nameless(cache: Reading, keyring: Keyring): Nameless {
  const known = knownTo(cache, keyring)
  for (const prayer of since(cache).all({ sequence: known.sequence })) {
    const author = authorIn(keyring, prayer)
    const others = known.byAuthor.get(author)
    if (others) others.push(prayer.id)
    else known.byAuthor.set(author, [prayer.id])
    known.sequence = prayer.sequence
  }
  return known.byAuthor
}

/** A connection that writes may see rows that are undone again; and a key that has come back opens all of it anew. */
function knownTo(cache: Reading, keyring: Keyring): Kept {
  const { isWhole } = keyring
  const known = kept.get(cache)
  if (known?.isWhole === isWhole) return known
  const fresh = { byAuthor: new Map<string | undefined, string[]>(), isWhole, sequence: 0 }
  if (cache.sqlite.readonly) kept.set(cache, fresh)
  return fresh
}
