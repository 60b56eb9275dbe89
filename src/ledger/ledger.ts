import { Corruption } from '../archive/fault.ts'
import { probe } from '../archive/file.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { cursorOf } from '../cache/cursor.ts'
import type { Reading } from '../cache/reading.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Stamp } from '../kernel/stamp.ts'
import { schemaHashOf } from './behaviour.ts'
import { wasSealed } from './demands.ts'
import { mayNotWrite } from './findings.ts'
import { corrupt } from './guard.ts'
import { healthOf, troubleOf } from './health.ts'
import { judgementOf } from './judgement.ts'
import { weighMonths } from './months.ts'
import type { StartOptions } from './options.ts'
import type { RebuildWatch, Rebuilt } from './rebuild.ts'
import type { Decided } from './rehearse.ts'
import { renewalOf } from './renewal.ts'
import { savingOf } from './saving.ts'
import { servingFrom } from './serving.ts'
import type { Trouble } from './standing.ts'
import { clockTrouble, type Started, start } from './start.ts'
import { turnsFor } from './turns.ts'
import { upkeepOf } from './upkeep.ts'
import { watchman } from './watchman.ts'

export interface Ledger {
  /** What is so: ask for it at every use, because a rebuild brings another connection. */
  cache(): Reading
  /** The keys of this site, as far as they are there. */
  readonly keyring: Keyring
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
  /** Has the pages of the cache looked through; when something is wrong with them, a new cache is made. */
  lookThrough(look: (path: string) => Promise<string | null>): Promise<void>
  /** What the start found and did. */
  readonly reports: readonly string[]
  readonly schemaHash: string
  readonly archive: string
  /** Looks whether somebody else wrote to the archive: a follower catches up, a writer stops. */
  reconcile(): Promise<void>
  /** What the start had to make, and what that has cost. */
  readonly rebuilt: Started['rebuilt']
  /** What the start, or the last judgement of a mended text, put away from its end. */
  readonly quarantined: Started['quarantined']
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
  /** Told once of each change: why nothing can be saved from now on, or `undefined` when writing goes on. */
  readonly onTrouble?: (found: Trouble | undefined) => void
}

/** Archive and cache, kept in step. Throws when there is nothing that could be served. */
export async function openLedger(given: LedgerOptions): Promise<Ledger> {
  const { disk, source, archive, catalogue, batchSize = 256, probeEvery = 2000, onTrouble = () => {} } = given
  const schemaHash = schemaHashOf(disk, catalogue)
  const options: StartOptions = { ...given, schemaHash }
  const started = await start(options)
  const { lock, cacheLock, sealKey, whyKey } = started
  const reports = [...started.reports]

  const turns = turnsFor({ isDue: () => saving.isDue(), run: () => saving.batch() })
  const hurry = () => void turns.alone(tryAgain)
  const health = healthOf({
    first: started.trouble,
    every: probeEvery,
    tryAgain() {
      if (!turns.isBusy()) hurry()
    },
    onChange: onTrouble,
    whenFinal: () => serving.stopWriting(),
  })
  const serving = servingFrom(started.path, options)
  const renewal = renewalOf({
    options,
    cacheLock,
    health,
    serving,
    turns,
    end: () => judgement.end(),
    openBench,
    hurry,
  })
  const watch = watchman(disk, archive)
  const upkeep = upkeepOf({ options, sealKey, health, serving, renewal, watch })
  const judgement = judgementOf({ options, started, health, serving, upkeep, watch, openBench, reports })
  const saving = savingOf({ options, most: batchSize, health, serving, renewal, upkeep, judgement, turns })
  const { record } = saving

  /** For the writer: the way into the archive behind the cache. */
  function openBench() {
    if (!lock || health.isFinal()) return
    try {
      // Before: whoever finds a bench later takes it for one whose months were noted.
      watch.note()
      serving.openBench()
    } catch (error) {
      health.stop(troubleOf(error))
      throw error
    }
  }

  /** A start serves also where the open month is closed to it: that is tried again, as a full disk is. */
  function openBenchIfAllowed() {
    try {
      openBench()
    } catch (error) {
      if (!mayNotWrite(error) && !(error instanceof Unreadable)) throw error
    }
  }

  /** Whatever keeps this ledger from writing or reading and may have passed. */
  async function tryAgain() {
    try {
      if (health.damage()) await renewal.replaceDamaged()
      if (health.damage()) return
      if (health.isFinal()) return health.goOn()
      await probe(disk, archive)
      if (judgement.isDue() && sealKey) return await judgement.make(sealKey)
      if (health.isBehind()) catchUp()
      // Writes go on when the words that have to go are gone.
      if (upkeep.owesErasures()) await upkeep.erase()
      else health.goOn()
    } catch (error) {
      // Still full: the next try comes by itself, and every page says that nothing can be saved.
      if (error instanceof Corruption) health.stop(corrupt(error.fault))
      else renewal.notice(error)
    }
  }

  function catchUp() {
    const bench = serving.bench()
    if (bench) bench.catchUp()
    else openBench()
  }

  /** Records the key of the seals where the archive does not know it. Answers whether it was recorded now. */
  async function nameKey(): Promise<boolean> {
    if (!serving.bench() || !sealKey || upkeep.isKeyKnown()) return false
    const { publicKey } = sealKey
    try {
      return await record((cache) => {
        const isNew = !catalogue.sealKeys(cache).includes(publicKey)
        return { drafts: isNew ? [catalogue.keyAdded(publicKey, whyKey)] : [], result: isNew }
      })
    } catch (error) {
      // A refusal has said already that nothing can be saved. It is tried again at the next look.
      if (error instanceof Refusal) return false
      throw error
    }
  }

  function letGo() {
    // Nothing is tried again afterwards, also by a start that failed half way.
    health.end()
    serving.close()
    cacheLock?.release()
    lock?.release()
  }

  try {
    if (cacheLock) {
      serving.connect(started.path)
      if (!judgement.isDue()) openBenchIfAllowed()
    }
    if (serving.bench() && !upkeep.isKeyKnown()) upkeep.oweSeals()
    if (await nameKey()) {
      const sealed = await turns.alone(upkeep.seal)
      reports.push(keyWasNamed(sealKey?.publicKey), ...sealed.map(wasSealed))
    }
  } catch (error) {
    letGo()
    throw error
  }

  return {
    cache: serving.reader,
    keyring: serving.keyring,
    record,
    head: () => cursorOf(serving.reader()) ?? { sequence: 0, hash: '' },
    isMending: renewal.notice,
    async lookThrough(look) {
      const { path } = serving.reader()
      const what = await look(path)
      // Meanwhile another cache may have come.
      if (what !== null && serving.reader().path === path) renewal.replace(what)
    },
    trouble() {
      const bench = serving.bench()
      return health.trouble() ?? (bench && clockTrouble(source, bench.writer.head))
    },
    rebuilt: started.rebuilt,
    get quarantined() {
      return judgement.quarantined()
    },
    isWriter: lock !== undefined,
    reports,
    schemaHash,
    archive,
    async reconcile() {
      try {
        await nameKey()
        await turns.alone(upkeep.look)
      } catch (error) {
        if (!renewal.notice(error)) throw error
      }
    },
    async rebuild(watching = {}) {
      if (!cacheLock) throw new Error(`Another process works in ${options.cache}.`)
      try {
        return await renewal.makeBeside(watching)
      } catch (error) {
        // The one that is served has to say what it was made of; when it cannot, another is made at once.
        if (!renewal.notice(error)) throw error
        const sentence = 'Pages of the cache are damaged; a new one is being made from the archive.'
        throw new Error(sentence, { cause: error })
      }
    },
    async inspect() {
      const weigh = () => weighMonths({ disk, folder: archive })
      // Words may have been erased meanwhile, which seals the month anew: only what stays wrong is wrong.
      const isWrong = (await weigh()) && (await turns.alone(weigh))
      if (isWrong && !health.isFinal()) health.stop(isWrong)
    },
    standAside: (work) => turns.alone(() => judgement.standAside(work)),
    settled: () => turns.alone(async () => {}),
    async close() {
      await turns.idle()
      letGo()
    },
  }
}

/** What a start reports of a key that it had to record. */
export const keyWasNamed = (key = '') =>
  `The archive did not know the key of the seals, so it was recorded. Keep elsewhere: ${key}`
