import { isDeepStrictEqual } from 'node:util'
import type { Lock } from '../archive/disk.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { pointTo, removeCache, reserveCache, setAside } from '../cache/generations.ts'
import { openForWriting } from '../cache/open.ts'
import { prune } from '../cache/pruning.ts'
import { momentOf } from '../kernel/moment.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { ahead, corrupt } from './guard.ts'
import type { Health } from './health.ts'
import { rewritings } from './of-this-text.ts'
import type { StartOptions } from './options.ts'
import { type RebuildOrder, type RebuildWatch, type Rebuilt, rebuildWith } from './rebuild.ts'
import type { Serving } from './serving.ts'
import { trouble } from './standing.ts'
import type { Turns } from './turns.ts'

/** How an open ledger gets another cache. */
export interface Renewal {
  /** While nobody writes. `hasErased`: no other cache may keep the words. */
  makeAnew(hasErased?: boolean): Promise<Rebuilt>
  /** Beside the one that is served; nobody waits but for the last few records. One at a time, in the order they are asked for. */
  makeBeside(watching: RebuildWatch): Promise<Rebuilt>
  /** In place of one with damaged pages; what keeps it from that is part of the trouble. */
  replaceDamaged(): Promise<void>
  /** Whether an error is of damaged pages, and a new cache is being made because of it. */
  notice(error: unknown): boolean
  /** Its pages are damaged, as `what` says: nobody reads from it any more, and a new one is made. */
  replace(what?: string): void
}

interface Renewing {
  readonly options: StartOptions
  readonly cacheLock: Lock | undefined
  readonly health: Health
  readonly serving: Serving
  readonly turns: Turns
  /** The last record that this process knows to be on the disk, if it is the writer. */
  readonly end: () => number | undefined
  /** The way into the archive behind the cache that is served now. */
  readonly openBench: () => void
  /** Something can be tried at once that else would be tried later. */
  readonly hurry: () => void
}

export function renewalOf(renewing: Renewing): Renewal {
  const { options, cacheLock, health, serving, turns } = renewing
  let besides: Promise<unknown> = Promise.resolve()
  const { disk, source, archive, catalogue, cache, schemaHash } = options
  const { onDefect = (error) => process.emitWarning(error) } = options
  const rewritingsKnown = () => rewritings(serving.reader(), catalogue)

  function make(isBeside: boolean, watching: RebuildWatch): Promise<Rebuilt> {
    const lost = health.lost()
    if (lost) throw new Error(lost.sentence)
    const end = renewing.end()
    const order: RebuildOrder = {
      archive,
      path: reserveCache(cache, schemaHash),
      now: momentOf(source.now()),
      ...(end !== undefined && !isBeside && { until: end }),
      ...(isBeside && { besides: serving.reader().path }),
    }
    return (options.rebuild ?? rebuildWith(disk, catalogue.kinds))(order, watching)
  }

  async function makeAnew(hasErased = false, onProgress?: RebuildWatch['onProgress']) {
    const made = switchTo(await make(false, { onProgress }))
    // Words that were erased have to be gone from the other caches, too: whoever asked for that hears when they are not.
    if (hasErased) await prune(cache, schemaHash, [], hasErased)
    else await tidy()
    return made
  }

  /** Old caches are only in the way, and every new one has them tried again. */
  async function tidy() {
    try {
      await prune(cache, schemaHash)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      onDefect(new Error(`The new cache serves, and an old one could not be removed: ${why}`, { cause }))
    }
  }

  async function makeOneBeside(watching: RebuildWatch): Promise<Rebuilt> {
    for (;;) {
      const known = rewritingsKnown()
      const { path: served } = serving.reader()
      let made: Rebuilt
      try {
        made = await make(true, watching)
      } catch (error) {
        // Another one took the place of the one it was to be compared with, as after an erasure.
        if (serving.reader().path === served || watching.signal?.aborted) throw error
        continue
      }
      const switched = await turns.alone(async () => {
        // Words that were erased since would live on in it, and edits that were accepted would be missing.
        if (!isDeepStrictEqual(rewritingsKnown(), known)) return removeCache(made.path)
        const elapsed = stopwatch()
        return { ...switchTo(made), pausedSeconds: elapsed() }
      })
      if (!switched) continue
      await tidy()
      return switched
    }
  }

  /**
   * Serves from this cache from now on. Throws when the text does not reach as far any more as this process has seen it:
   * then it is thrown away, and the old one serves on.
   */
  function switchTo(made: Rebuilt): Rebuilt {
    const { path: before } = serving.reader()
    const path = named(made)
    serving.connect(path)
    if (health.damage()) setAside(before)
    health.setDamage(undefined)
    renewing.openBench()
    if (health.isBehind()) health.goOn()
    return { ...made, path }
  }

  function named(made: Rebuilt): string {
    try {
      bringUp(made)
      return pointTo(cache, schemaHash, made.path)
    } catch (error) {
      removeCache(made.path)
      throw error
    }
  }

  function bringUp(made: Rebuilt) {
    const seen = renewing.end() ?? (health.damage() ? 0 : (cursorOf(serving.reader())?.sequence ?? 0))
    const fresh = openForWriting(made.path)
    try {
      const { fault } = made.safe.sequence < seen ? serving.follow(fresh, seen) : made
      const cursor = cursorOf(fresh)
      if (cursor && cursor.sequence >= seen) return
      const reason = fault ? corrupt(fault) : ahead(seen)
      health.stop(reason)
      throw new Error(reason.sentence)
    } finally {
      fresh.close()
    }
  }

  function replace(what?: string) {
    if (health.damage() || !cacheLock || health.lost()) return
    const found = what === undefined ? '' : ` (${what})`
    health.setDamage(
      trouble('damaged', `Pages of the cache are damaged${found}; a new one is being made from the archive.`),
    )
    renewing.hurry()
  }

  return {
    makeAnew: (hasErased) => makeAnew(hasErased),
    makeBeside(watching) {
      const before = besides
      const turn = untilAborted(before, watching.signal).then(() => makeOneBeside(watching))
      // Whoever gave up waiting lets the next one wait for the same.
      besides = Promise.allSettled([before, turn])
      return turn
    },
    async replaceDamaged() {
      try {
        await makeAnew(false, options.onProgress)
      } catch (error) {
        // Where the text does not verify either, the old cache shows what it still can.
        const why = error instanceof Error ? error.message : String(error)
        const sentence = `Pages of the cache are damaged, and no new one could be made: ${why}`
        health.setDamage(health.lost() ? undefined : trouble('damaged', sentence))
      }
    },
    notice(error) {
      if (!isDamage(error)) return false
      replace()
      return health.damage() !== undefined
    },
    replace,
  }
}

/** Waits for something that never fails; throws the signal's reason as soon as it aborts. */
async function untilAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return void (await work)
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
