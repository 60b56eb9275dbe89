import type { Reading } from './reading.ts'

/**
 * An answer that depends on nothing but the cache, kept for each connection until something is committed: it is the same
 * for whoever asks. What is only for one reader is kept under something that only they know.
 */
export function untilChanged<Answer>(ask: (cache: Reading) => Answer): (cache: Reading) => Answer {
  const keepers = new WeakMap<Reading, () => Answer>()
  return (cache) => {
    const known = keepers.get(cache)
    if (known !== undefined) return known()
    const keeper = keeperOf(cache, ask)
    keepers.set(cache, keeper)
    return keeper()
  }
}

function keeperOf<Answer>(cache: Reading, ask: (cache: Reading) => Answer): () => Answer {
  // A connection that writes sees what it did before anybody commits it, and SQLite does not count that.
  if (!cache.sqlite.readonly) return () => ask(cache)
  const currentVersion = cache.sqlite.prepare<[], number>('pragma data_version').pluck()
  let kept: { readonly version: number | undefined; readonly answer: Answer } | undefined
  return () => {
    // Asked first: an answer that is newer than its version is only asked for once more.
    const version = currentVersion.get()
    if (kept === undefined || kept.version !== version) kept = { version, answer: ask(cache) }
    return kept.answer
  }
}
