import { isDeepStrictEqual } from 'node:util'
import { carryOut, type Erasure } from '../archive/erase.ts'
import { probe } from '../archive/file.ts'
import { Corruption, findPosition, type Position, type ReadEnd } from '../archive/read.ts'
import type { SealKey } from '../archive/seal.ts'
import { AppendFailed, openWriter } from '../archive/write.ts'
import { cursorOf } from '../cache/cursor.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache, pointTo, prune, removeCache, reserveCache, setAside } from '../cache/generations.ts'
import { type Connection, openForWriting, openReader } from '../cache/open.ts'
import type { Reading } from '../cache/reading.ts'
import { momentOf } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Stamp, stopwatch } from '../kernel/stamp.ts'
import { judgeAfresh, mayBeMended } from './afresh.ts'
import { type Attempt, type Bench, type Decided, runBatch, writeConnection } from './batch.ts'
import { schemaHashOf } from './behaviour.ts'
import { catchUp } from './catch-up.ts'
import { requireWords } from './erasures.ts'
import { wasSealed } from './fit.ts'
import { faultJudge } from './follower.ts'
import { ahead, corrupt } from './guard.ts'
import { type Months, sealMonths, weighMonths } from './months.ts'
import { isOfThisText, rewritings } from './of-this-text.ts'
import type { StartOptions } from './options.ts'
import { projector, UnknownKind } from './project.ts'
import { type RebuildOrder, type RebuildWatch, type Rebuilt, rebuildWith } from './rebuild.ts'
import { refused, type Trouble, trouble } from './standing.ts'
import { clockTrouble, start } from './start.ts'
import { watchman } from './watchman.ts'

export interface Ledger {
  /** What is so: ask for it at every use, because a rebuild brings another connection. */
  cache(): Reading
  /**
   * The path of every write (batch.ts). Resolves when the records are on disk and can be read; rejects with the
   * Refusal that the rehearsal threw, or with one that says that nothing can be saved.
   */
  record<Result>(rehearse: (cache: Reading, stamp: Stamp) => Decided<Result>): Promise<Result>
  /** How far the cache has seen the archive. */
  head(): { readonly sequence: number; readonly hash: string }
  /** Why nothing can be saved just now. */
  trouble(): Trouble | undefined
  /**
   * Tells what a query ran into. When it ran into a damaged page, a new cache is made; the answer is whether waiting for
   * it helps.
   */
  isMending(error: unknown): boolean
  /** What the start found and did. */
  readonly reports: readonly string[]
  readonly schemaHash: string
  readonly archive: string
  /** Looks whether somebody else wrote to the archive: a follower catches up, a writer stops. */
  reconcile(): Promise<void>
  /** What the start had to make, and what that has cost. */
  readonly rebuilt: { readonly records: number; readonly seconds: number } | undefined
  /** Whether this process is the one that writes the archive, if anyone may. */
  readonly isWriter: boolean
  /**
   * A new cache from the text. The old one serves until it is there, and writes wait for the last few records only. Throws
   * when the text is not well, or when the signal aborts.
   */
  rebuild(watching?: RebuildWatch): Promise<Rebuilt>
  /** Compares the months that are over with their seals, byte by byte; writing stops when one differs. */
  inspect(): Promise<void>
  /**
   * Lets go of the archive while somebody mends its text, then judges everything afresh: writing goes on when all is well,
   * and otherwise `trouble` says what is not. Throws what the work throws, and a Refusal where only a restart helps.
   */
  standAside<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when everything asked for before is done, erasures and seals included. */
  settled(): Promise<void>
  /** Waits for what is under way, then lets go of every file. */
  close(): Promise<void>
}

export type LedgerOptions = Omit<StartOptions, 'schemaHash'> & {
  /** How many commands share one sync at the most. */
  readonly batchSize?: number
  /** Milliseconds between two tries on a disk that took nothing. */
  readonly probeEvery?: number
}

/** Archive and cache, kept in step. Throws when there is nothing that could be served. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { disk, source, archive, catalogue, batchSize = 256, probeEvery = 2000 } = options
  const schemaHash = schemaHashOf(disk, catalogue.golden, catalogue.kinds)
  const started = await start({ ...options, schemaHash })
  const { lock, cacheLock, sealKey, whyKey } = started
  const reports = [...started.reports]

  let reader = openReader(started.path)
  let bench: Bench | undefined
  let standing = started.trouble
  /** While it is there nothing can be read either. */
  let damage: Trouble | undefined
  /** What a follower finds wrong with the text; it passes when the text is well again. */
  let astray: Trouble | undefined
  const judgeFault = faultJudge(disk, archive)
  let writes: Connection | undefined
  const queue: Attempt[] = []
  const tasks: (() => Promise<void>)[] = []
  let running: Promise<void> | undefined
  let probing: NodeJS.Timeout | undefined
  /** The last record that this process knows to be on the disk. */
  let end = lock && started.head.sequence
  /** Months that are over and words that have to go: what failed is tried again. */
  let isSealDue = false
  let toErase: readonly Erasure[] = []
  const watch = watchman(disk, archive)

  try {
    if (cacheLock) {
      connect(started.path)
      openBench()
    }
  } catch (error) {
    letGo()
    throw error
  }

  /** From now on this cache is read, and written by whoever projects. */
  function connect(path: string) {
    const before = [writes, reader]
    reader = openReader(path)
    writes = openForWriting(path)
    for (const connection of before) connection?.close()
    bench?.writer.close()
    bench = undefined
  }

  /** For the writer: the way into the archive behind the cache. */
  function openBench() {
    if (!writes || !lock || isFinal()) return
    try {
      bench = benchFor(writes)
      watch.note()
    } catch (error) {
      stop(troubleOf(error))
      throw error
    }
  }

  function benchFor(cache: Reading): Bench {
    const writer = openWriter(disk, archive, positionOf(cache))
    return {
      connection: writeConnection(cache),
      writer,
      projector: projector(catalogue.kinds),
      source,
      catchUp() {
        const { safe, fault } = follow(cache)
        if (fault && safe.sequence < writer.head.sequence) throw new Corruption(fault)
      },
    }
  }

  function follow(cache: Reading) {
    return catchUp(disk, archive, cache, projector(catalogue.kinds), positionOf(cache))
  }

  function positionOf(cache: Reading): Position {
    const cursor = cursorOf(cache)
    const position = cursor && findPosition(disk, archive, cursor)
    if (!position) throw new Error('the archive does not hold the record this cache ends with')
    return position
  }

  function stop(reason: Trouble) {
    standing = reason
    if (isFinal()) bench?.writer.close()
    else tryLater()
  }

  function tryLater() {
    probing ??= setInterval(() => {
      if (!running) void alone(tryAgain)
    }, probeEvery).unref()
  }

  /** Whether only a restart, or somebody, can help. */
  function isFinal() {
    return standing !== undefined && standing.why !== 'full' && standing.why !== 'cache'
  }

  async function tryAgain() {
    if (damage) return replaceDamaged()
    if (isFinal()) return goOn()
    try {
      await probe(disk, archive)
      if (standing?.why === 'cache') mend()
      await resume()
    } catch (error) {
      // Still full: the next try comes by itself, and every page says that nothing can be saved.
      if (error instanceof Corruption) stop(corrupt(error.fault))
      else noticeDamage(error)
    }
  }

  /** Writes go on when the words that have to go are gone. */
  async function resume() {
    if (toErase.length > 0) await erase()
    else goOn()
  }

  function noticeDamage(error: unknown): boolean {
    if (!isDamage(error)) return false
    const mayReplace = cacheLock && standing?.why !== 'corrupt' && standing?.why !== 'ahead'
    if (!damage && mayReplace) {
      damage = trouble('damaged', 'Pages of the cache are damaged; a new one is being made from the archive.')
      void alone(replaceDamaged)
    }
    return damage !== undefined
  }

  async function replaceDamaged() {
    if (!damage) return
    try {
      await makeAnew(options.onProgress)
      await resume()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      // Where the text does not verify either, the old cache shows what it still can.
      const isHopeless = standing?.why === 'corrupt' || standing?.why === 'ahead'
      damage = isHopeless
        ? undefined
        : trouble('damaged', `Pages of the cache are damaged, and no new one could be made: ${why}`)
      if (damage) tryLater()
    }
  }

  function mend() {
    if (bench) bench.catchUp()
    else openBench()
  }

  function goOn() {
    if (!isFinal()) standing = undefined
    clearInterval(probing)
    probing = undefined
  }

  /** One thing after the other: tasks that need the writer for themselves, then the next batch. */
  function run() {
    running ??= (async () => {
      await Promise.resolve()
      try {
        while (tasks.length > 0 || queue.length > 0) await (tasks.shift() ?? batch)()
      } finally {
        running = undefined
      }
    })()
  }

  async function batch() {
    const mayTry = !damage && (!standing || standing.why === 'full')
    if (!bench || !mayTry || toErase.length > 0 || clockTrouble(source, bench.writer.head)) {
      for (const attempt of queue.splice(0)) attempt.reject(refused('not-saved'))
      return
    }
    const { writer } = bench
    const month = writer.head.month
    const { taken, failed, isBehind, erasures = [] } = await runBatch(bench, queue.slice(0, batchSize))
    queue.splice(0, taken)
    end = writer.head.sequence
    if (failed && !noticeDamage(failed)) stop(troubleOf(failed))
    else if (isBehind) stop(trouble('cache', 'The cache cannot follow the archive; it is tried again.'))
    else goOn()
    // Before anything that was asked for meanwhile: whoever waits for `settled` waits for these too.
    if (writer.head.month !== month) {
      isSealDue = true
      tasks.unshift(async () => void (await seal()))
    }
    toErase = erasures
    if (toErase.length > 0) tasks.unshift(erase)
  }

  /** Answers which months it sealed. */
  async function seal(): Promise<readonly string[]> {
    try {
      const sealed = await sealWithKnownKey()
      if (!isSealDue) watch.note()
      return sealed
    } catch (error) {
      // Nothing is lost without a seal. It is tried again at the next look, and by a start, which says so.
      if (error instanceof Corruption) stop(trouble('corrupt', error.message))
      return []
    }
  }

  /** A seal counts only when the archive names its key. */
  async function sealWithKnownKey() {
    isSealDue = true
    if (!sealKey || !isKeyKnown()) return []
    const sealed = await sealMonths(months(), sealKey)
    isSealDue = false
    return sealed
  }

  const isKeyKnown = () => sealKey !== undefined && catalogue.sealKeys(reader).includes(sealKey.publicKey)

  /** Records the key of the seals where the archive does not know it. Answers whether it was recorded now. */
  async function nameKey(): Promise<boolean> {
    if (!bench || !sealKey || isKeyKnown()) return false
    const { publicKey } = sealKey
    try {
      return await ledger.record((cache) => {
        const isNew = !catalogue.sealKeys(cache).includes(publicKey)
        return { drafts: isNew ? [catalogue.keyAdded(publicKey, whyKey)] : [], result: isNew }
      })
    } catch (error) {
      // A refusal has said already that nothing can be saved. It is tried again at the next look.
      if (error instanceof Refusal) return false
      throw error
    }
  }

  const months = (): Months => ({
    disk,
    folder: archive,
    archive: cursorOf(reader)?.archive ?? '',
    erasures: catalogue.erasures(reader),
    accepted: catalogue.accepted(reader),
  })

  /** Nobody writes before it is done: the open segment is another file afterwards. */
  async function erase() {
    if (!sealKey) return
    try {
      for (const erasure of toErase) await carryOut(disk, archive, erasure)
      await sealWithKnownKey()
      await makeAnew(undefined, true)
      toErase = []
      goOn()
    } catch (error) {
      if (isFinal() || noticeDamage(error)) return
      const why = error instanceof Error ? error.message : String(error)
      stop(trouble('full', `Words that have to be erased are still there: ${why}`))
    }
  }

  /** Makes a new cache while nobody writes, and serves from it. */
  async function makeAnew(onProgress?: RebuildWatch['onProgress'], hasErased = false) {
    const made = await make(false, { onProgress })
    switchTo(made, hasErased)
    return made
  }

  /** Makes a new cache beside the one that is served; nobody waits but for the last few records. */
  async function makeBeside(watching: RebuildWatch): Promise<Rebuilt> {
    for (;;) {
      const known = rewritings(reader, catalogue)
      const made = await make(true, watching)
      const pausedSeconds = await alone(async () => {
        // Words that were erased since would live on in it, and edits that were accepted would be missing.
        if (!isDeepStrictEqual(rewritings(reader, catalogue), known)) return removeCache(made.path)
        const elapsed = stopwatch()
        switchTo(made)
        return elapsed()
      })
      if (pausedSeconds !== undefined) return { ...made, pausedSeconds }
    }
  }

  function make(isBeside: boolean, watching: RebuildWatch): Promise<Rebuilt> {
    if (standing?.why === 'corrupt' || standing?.why === 'ahead') throw new Error(standing.sentence)
    const order: RebuildOrder = {
      archive,
      path: reserveCache(options.cache, schemaHash),
      now: momentOf(source.now()),
      ...(end !== undefined && !isBeside && { until: end }),
      ...(isBeside && { besides: reader.path }),
    }
    return (options.rebuild ?? rebuildWith(disk, catalogue.kinds))(order, watching)
  }

  /**
   * Serves from this cache from now on. Throws when the text does not reach as far any more as this process has seen it:
   * then it is thrown away, and the old one serves on.
   */
  function switchTo(made: Rebuilt, hasErased = false) {
    const { path: before } = reader
    const seen = end ?? (damage ? 0 : (cursorOf(reader)?.sequence ?? 0))
    const fresh = openForWriting(made.path)
    try {
      const { fault } = made.safe.sequence < seen ? readOn(fresh, seen) : made
      const cursor = cursorOf(fresh)
      if (!cursor || cursor.sequence < seen) {
        const reason = fault ? corrupt(fault) : ahead(seen)
        stop(reason)
        throw new Error(reason.sentence)
      }
      fresh.close()
    } catch (error) {
      fresh.close()
      removeCache(made.path)
      throw error
    }
    pointTo(options.cache, schemaHash, made.path)
    connect(made.path)
    if (damage) setAside(before)
    damage = undefined
    openBench()
    prune(options.cache, schemaHash, [made.path], hasErased)
    if (standing?.why === 'cache') goOn()
  }

  function readOn(cache: Reading, until: number): ReadEnd {
    return catchUp(disk, archive, cache, projector(catalogue.kinds), positionOf(cache), until)
  }

  async function standAside<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!lock || !cacheLock || !sealKey)
      throw new Refusal('read-only', 'Only the process that writes this archive may mend it.')
    if (!mayBeMended(standing)) throw new Refusal('read-only', `${standing?.sentence} Restart first.`)
    stop(trouble('disturbed', 'The text is being mended.'))
    try {
      return await work()
    } finally {
      await judgeText(sealKey)
    }
  }

  async function judgeText(key: SealKey) {
    try {
      const judged = await judgeAfresh({ ...options, schemaHash, onProgress: undefined }, key, watch, reports)
      standing = judged.trouble
      end = judged.head.sequence
      toErase = []
      connect(judged.path)
      isSealDue = !isKeyKnown()
      openBench()
      if (!isFinal()) goOn()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      stop(trouble('disturbed', `The text was mended, and cannot be judged: ${why}. Restart to go on.`))
      throw error
    }
  }

  function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      tasks.push(() => work().then(resolve, reject))
      run()
    })
  }

  async function look() {
    const path = currentCache(options.cache, schemaHash)
    if (!writes && path && path !== reader.path) {
      const before = reader
      reader = openReader(path)
      before.close()
    }
    if (writes && !lock) await followOn(writes)
    if (!bench || isFinal() || toErase.length > 0) return
    if (isSealDue) await seal()
    // What could not be sealed is not noted yet, so it would be taken for somebody else's.
    const stranger = isSealDue ? undefined : watch.look()
    if (stranger) return stop(trouble('disturbed', stranger))
    try {
      bench.writer.check()
    } catch (error) {
      if (error instanceof AppendFailed) stop(troubleOf(error))
      else throw error
    }
  }

  /** What the writer appended, and the words it took away. */
  async function followOn(cache: Reading) {
    try {
      const cursor = cursorOf(cache)
      if (cursor && !findPosition(disk, archive, cursor)) {
        astray = ahead(cursor.sequence)
        return
      }
      astray = judgeFault(follow(cache))
      if (!isOfThisText(cache, catalogue)) await makeAnew(undefined, true)
    } catch (error) {
      if (!(error instanceof UnknownKind)) throw error
      stop(trouble('newer', error.message))
    }
  }

  /** Nothing is tried again afterwards, also by a start that failed half way. */
  function letGo() {
    standing = trouble('read-only', 'This ledger was closed.')
    clearInterval(probing)
    bench?.writer.close()
    writes?.close()
    reader.close()
    cacheLock?.release()
    lock?.release()
  }

  const ledger: Ledger = {
    cache: () => reader,
    record: (rehearse) =>
      new Promise((resolve, reject) => {
        // What a rehearsal decides is what its caller gets; the queue only carries it.
        queue.push({
          rehearse: (cache, stamp) => requireWords(disk, archive, rehearse(cache, stamp)),
          resolve: resolve as (result: unknown) => void,
          reject: (error) => reject(noticeDamage(error) ? refused('not-saved') : error),
        })
        run()
      }),
    head: () => cursorOf(reader) ?? { sequence: 0, hash: '' },
    isMending: noticeDamage,
    trouble: () => damage ?? astray ?? standing ?? (bench && clockTrouble(source, bench.writer.head)),
    rebuilt: started.rebuilt,
    isWriter: lock !== undefined,
    reports,
    schemaHash,
    archive,
    async reconcile() {
      try {
        await nameKey()
        await alone(look)
      } catch (error) {
        if (!noticeDamage(error)) throw error
      }
    },
    async rebuild(watching = {}) {
      if (!cacheLock) throw new Error(`Another process works in ${options.cache}.`)
      return makeBeside(watching)
    },
    async inspect() {
      const problem = await weighMonths({ disk, folder: archive })
      // Words may have been erased meanwhile, which seals the month anew: only what stays wrong is wrong.
      const isWrong = problem !== undefined && (await alone(() => weighMonths({ disk, folder: archive })))
      if (isWrong && !isFinal()) stop(trouble('corrupt', isWrong))
    },
    standAside: (work) => alone(() => standAside(work)),
    settled: () => alone(async () => {}),
    async close() {
      while (running) await running
      letGo()
    },
  }

  try {
    if (bench && !isKeyKnown()) isSealDue = true
    if (await nameKey()) reports.push(keyWasNamed(sealKey?.publicKey), ...(await alone(seal)).map(wasSealed))
    return ledger
  } catch (error) {
    letGo()
    throw error
  }
}

const keyWasNamed = (key = '') =>
  `The archive did not know the key of the seals, so it was recorded. Keep elsewhere: ${key}`

function troubleOf(failed: unknown): Trouble {
  if (!(failed instanceof AppendFailed))
    return trouble('cache', `The archive could not be opened again: ${failed}; it is tried again.`)
  if (failed.outcome === 'refused') return trouble('full', `${failed.message}: ${reason(failed)}`)
  const why = failed.outcome === 'unknown' ? 'unknown' : 'disturbed'
  return trouble(why, `${failed.message}${failed.cause ? `: ${reason(failed)}` : ''}`)
}

const reason = ({ cause }: Error) => (cause instanceof Error ? cause.message : String(cause))
