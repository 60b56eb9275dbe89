import { carryOut, type Erasure } from '../archive/erase.ts'
import { probe } from '../archive/file.ts'
import { Corruption, findPosition, type Position } from '../archive/read.ts'
import { AppendFailed, openWriter } from '../archive/write.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache, pointTo, prune, removeCache } from '../cache/generations.ts'
import { type Connection, openForWriting, openReader } from '../cache/open.ts'
import type { Reading } from '../cache/reading.ts'
import { momentOf } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Stamp } from '../kernel/stamp.ts'
import { type Attempt, type Bench, type Decided, runBatch, writeConnection } from './batch.ts'
import { schemaHashOf } from './behaviour.ts'
import { catchUp } from './catch-up.ts'
import { ahead, corrupt } from './fit.ts'
import { type Months, sealMonths, weighMonths } from './months.ts'
import type { StartOptions } from './options.ts'
import { projector, UnknownKind } from './project.ts'
import { type RebuildProgress, type RebuildWatch, type Rebuilt, rebuildWith } from './rebuild.ts'
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
   * A new cache from the text; the old one serves until it is there, and writes wait. Throws when the text is not well,
   * and the signal's reason when that aborts: then nothing is changed.
   */
  rebuild(onProgress?: (progress: RebuildProgress) => void, signal?: AbortSignal): Promise<Rebuilt>
  /** Compares the months that are over with their seals, byte by byte; writing stops when one differs. */
  inspect(): Promise<void>
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
  const { lock, cacheLock, sealKey } = started
  const reports = [...started.reports]

  let reader = openReader(started.path)
  let bench: Bench | undefined
  let standing = started.trouble
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
    if (cacheLock) serveFrom(started.path)
  } catch (error) {
    letGo()
    throw error
  }

  /** Connections to this cache, and, for the writer, the way into the archive behind it. */
  function serveFrom(path: string) {
    const before = [writes, reader]
    reader = openReader(path)
    writes = openForWriting(path)
    for (const connection of before) connection?.close()
    bench?.writer.close()
    bench = undefined
    if (!lock || isFinal()) return
    try {
      bench = benchFor(writes)
      watch.note()
    } catch (error) {
      stop(troubleOf(error))
      throw error
    }
  }

  function benchFor(cache: Reading): Bench {
    return {
      connection: writeConnection(cache),
      writer: openWriter(disk, archive, positionOf(cache)),
      projector: projector(catalogue.kinds),
      source,
      catchUp: () => follow(cache),
    }
  }

  function follow(cache: Reading) {
    catchUp(disk, archive, cache, projector(catalogue.kinds), positionOf(cache))
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
    else
      probing ??= setInterval(() => {
        if (!running) void alone(tryAgain)
      }, probeEvery).unref()
  }

  /** Whether only a restart, or somebody, can help. */
  function isFinal() {
    return standing !== undefined && standing.why !== 'full' && standing.why !== 'cache'
  }

  async function tryAgain() {
    if (isFinal()) return goOn()
    try {
      await probe(disk, archive)
      if (standing?.why === 'cache') mend()
      if (toErase.length > 0) await erase()
      else goOn()
    } catch {
      // Still full: the next try comes by itself, and every page says that nothing can be saved.
    }
  }

  function mend() {
    if (bench) bench.catchUp()
    else serveFrom(reader.path)
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
    const mayTry = !standing || standing.why === 'full'
    if (!bench || !mayTry || toErase.length > 0 || clockTrouble(source, bench.writer.head)) {
      for (const attempt of queue.splice(0)) attempt.reject(refused('not-saved'))
      return
    }
    const { writer } = bench
    const month = writer.head.month
    const { taken, failed, isBehind, erasures = [] } = await runBatch(bench, queue.slice(0, batchSize))
    queue.splice(0, taken)
    end = writer.head.sequence
    if (failed) stop(troubleOf(failed))
    else if (isBehind) stop(trouble('cache', 'The cache cannot follow the archive; it is tried again.'))
    else goOn()
    // Before anything that was asked for meanwhile: whoever waits for `settled` waits for these too.
    if (writer.head.month !== month) {
      isSealDue = true
      tasks.unshift(seal)
    }
    toErase = erasures
    if (toErase.length > 0) tasks.unshift(erase)
  }

  async function seal() {
    if (!sealKey) return
    try {
      await sealMonths(months(), sealKey)
      watch.note()
      isSealDue = false
    } catch (error) {
      // Nothing is lost without a seal. It is tried again at the next look, and by a start, which says so.
      if (error instanceof Corruption) stop(trouble('corrupt', error.message))
    }
  }

  const months = (): Months => ({
    disk,
    folder: archive,
    archive: cursorOf(reader)?.archive ?? '',
    erasures: catalogue.erasures(reader),
  })

  /** Nobody writes before it is done: the open segment is another file afterwards. */
  async function erase() {
    if (!sealKey) return
    try {
      for (const erasure of toErase) await carryOut(disk, archive, erasure)
      await sealMonths(months(), sealKey)
      await makeAnew(undefined, true)
      toErase = []
      goOn()
    } catch (error) {
      if (isFinal()) return
      const why = error instanceof Error ? error.message : String(error)
      stop(trouble('full', `Words that have to be erased are still there: ${why}`))
    }
  }

  /** Throws when the text does not reach as far any more as this process has seen it: then the old cache serves on. */
  async function makeAnew(watch: RebuildWatch = {}, hasErased = false) {
    if (standing?.why === 'corrupt' || standing?.why === 'ahead') throw new Error(standing.sentence)
    const now = momentOf(source.now())
    const seen = end ?? cursorOf(reader)?.sequence ?? 0
    const until = end ?? Number.POSITIVE_INFINITY
    const order = { archive, cache: options.cache, schemaHash, now, until }
    const made = await (options.rebuild ?? rebuildWith(disk, catalogue.kinds))(order, watch)
    if (made.safe.sequence < seen) {
      removeCache(made.path)
      const reason = made.fault ? corrupt(made.fault) : ahead(seen)
      stop(reason)
      throw new Error(reason.sentence)
    }
    pointTo(options.cache, schemaHash, made.path)
    serveFrom(made.path)
    prune(options.cache, schemaHash, [made.path], hasErased)
    if (standing?.why === 'cache') goOn()
    return made
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
      follow(cache)
      const isDue = catalogue.erasures(cache).length !== cursorOf(cache)?.erasures
      if (isDue) await makeAnew(undefined, true)
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
        queue.push({ rehearse, resolve: resolve as (result: unknown) => void, reject })
        run()
      }),
    head: () => cursorOf(reader) ?? { sequence: 0, hash: '' },
    trouble: () => standing ?? (bench && clockTrouble(source, bench.writer.head)),
    rebuilt: started.rebuilt,
    isWriter: lock !== undefined,
    reports,
    schemaHash,
    archive,
    reconcile: () => alone(look),
    rebuild: (onProgress, signal) =>
      alone(async () => {
        if (!cacheLock) throw new Error(`Another process works in ${options.cache}.`)
        return makeAnew({ onProgress, signal })
      }),
    async inspect() {
      const problem = await weighMonths({ disk, folder: archive })
      // Words may have been erased meanwhile, which seals the month anew: only what stays wrong is wrong.
      const isWrong = problem !== undefined && (await alone(() => weighMonths({ disk, folder: archive })))
      if (isWrong && !isFinal()) stop(trouble('corrupt', isWrong))
    },
    settled: () => alone(async () => {}),
    async close() {
      while (running) await running
      letGo()
    },
  }

  // The key was lost or left on another machine: seals made with the new one count only when the archive names it.
  const key = sealKey?.publicKey
  if (bench && key && !catalogue.sealKeys(reader).includes(key)) {
    const isNamed = await ledger
      .record(() => ({ drafts: [catalogue.keyAdded(key)], result: true }))
      .catch(whyNot)
    if (isNamed)
      reports.push(
        `The archive did not know the key of the seals, so it was recorded. Keep elsewhere: ${key}`,
      )
  }
  return ledger
}

/** A refusal has said already that nothing can be saved; a start goes on with that. */
function whyNot(error: unknown): false {
  if (error instanceof Refusal) return false
  throw error
}

function troubleOf(failed: unknown): Trouble {
  if (!(failed instanceof AppendFailed))
    return trouble('cache', `The archive could not be opened again: ${failed}; it is tried again.`)
  if (failed.outcome === 'refused') return trouble('full', `${failed.message}: ${reason(failed)}`)
  const why = failed.outcome === 'unknown' ? 'unknown' : 'disturbed'
  return trouble(why, `${failed.message}${failed.cause ? `: ${reason(failed)}` : ''}`)
}

const reason = ({ cause }: Error) => (cause instanceof Error ? cause.message : String(cause))
