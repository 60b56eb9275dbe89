import { findPosition } from '../archive/find.ts'
import { judge } from '../archive/tail.ts'
import { orUnreadable, Unreadable } from '../archive/unreadable.ts'
import type { Cursor } from '../cache/cursor.ts'
import { millisecondsOf } from '../kernel/moment.ts'
import { usableCache } from './caches.ts'
import type { Endings } from './guard.ts'
import { missingSealingKeys } from './missing-keys.ts'
import type { StartOptions } from './options.ts'
import type { Reached } from './reach.ts'

/** What caches had seen before anything was read. */
export interface Seen {
  /** Where the cache of this code stood: it was written beside the archive, so nothing behind it was acknowledged. */
  readonly own: Cursor | undefined
  /** The furthest that any cache of this archive stood. */
  readonly promised: Cursor | undefined
}

/** What there is to decide over when the text was read to its end, but for the months that are over. */
export function endingsOf(
  options: StartOptions,
  { path, safe, fault, unknown = new Map() }: Reached,
  { own, promised }: Seen,
): Endings {
  const { disk, archive, catalogue, source } = options
  const end = { safe, ...(fault && { fault }) }
  const told = orUnreadable(() => ({
    verdict: judge(disk, archive, end, own?.sequence, promised?.sequence),
    isMissing: promised && !findPosition(disk, archive, promised) ? promised.sequence : undefined,
    unread: undefined,
  }))
  const cache = usableCache(path, 'read')
  try {
    return {
      ...(told instanceof Unreadable ? cannotTell(told) : told),
      months: undefined,
      unknown,
      clockBehind: safe.time === '' ? 0 : millisecondsOf(safe.time) - source.now(),
      free: disk.free(archive),
      lastProblems: cache && catalogue.lastProblems(cache),
      missingKeys: cache ? missingSealingKeys(cache, options) : [],
    }
  } finally {
    cache?.close()
  }
}

/** Nothing is put away where nobody can tell what it is. */
const cannotTell = (unread: Unreadable) => ({
  verdict: { is: 'whole' as const },
  isMissing: undefined,
  unread,
})
