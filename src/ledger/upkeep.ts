import { carryOut, type Erasure } from '../archive/erase.ts'
import { Corruption } from '../archive/fault.ts'
import { findPosition } from '../archive/find.ts'
import type { SealKey } from '../archive/seal.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { AppendFailed } from '../archive/write.ts'
import { cursorOf } from '../cache/cursor.ts'
import type { Reading } from '../cache/reading.ts'
import { faultJudge } from './follower.ts'
import { ahead, unreadable } from './guard.ts'
import { type Health, troubleOf } from './health.ts'
import { type Months, sealMonths } from './months.ts'
import { isOfThisText } from './of-this-text.ts'
import type { StartOptions } from './options.ts'
import { UnknownKind } from './project.ts'
import type { Renewal } from './renewal.ts'
import type { Serving } from './serving.ts'
import { trouble } from './standing.ts'
import type { Watchman } from './watchman.ts'

/** What an open ledger does besides recording, each in a turn of its own. */
export interface Upkeep {
  /** Months are over: they are sealed as soon as that is possible. */
  oweSeals(): void
  /** Answers which months it sealed. What cannot be sealed now is sealed later. */
  seal(): Promise<readonly string[]>
  /** Whether the archive names the key that this process would seal with. */
  isKeyKnown(): boolean
  /** These words have to leave the archive; nobody writes before they have. */
  oweErasures(erasures: readonly Erasure[]): void
  owesErasures(): boolean
  /** The text was judged afresh: nothing is owed but what that left. */
  beginAfresh(): void
  /** Takes them out of archive and caches. What fails is tried again. */
  erase(): Promise<void>
  /** Looks whether somebody else wrote to the archive: a follower catches up, a writer stops. */
  look(): Promise<void>
}

interface Keeping {
  readonly options: StartOptions
  /** Only the one who writes the archive has it. */
  readonly sealKey: SealKey | undefined
  readonly health: Health
  readonly serving: Serving
  readonly renewal: Renewal
  readonly watch: Watchman
}

export function upkeepOf({ options, sealKey, health, serving, renewal, watch }: Keeping): Upkeep {
  const { disk, archive, catalogue } = options
  const judgeFault = faultJudge(disk, archive)
  let isSealDue = false
  let toErase: readonly Erasure[] = []

  const isKeyKnown = () =>
    sealKey !== undefined && catalogue.sealKeys(serving.reader()).includes(sealKey.publicKey)

  function months(): Months {
    const cache = serving.reader()
    const { archive: id = '' } = cursorOf(cache) ?? {}
    const [erasures, accepted] = [catalogue.erasures(cache), catalogue.accepted(cache)]
    return { disk, folder: archive, archive: id, erasures, accepted }
  }

  /** A seal counts only when the archive names its key. */
  async function sealWithKnownKey() {
    isSealDue = true
    if (!sealKey || !isKeyKnown()) return []
    const sealed = await sealMonths(months(), sealKey)
    isSealDue = false
    return sealed
  }

  async function seal(): Promise<readonly string[]> {
    try {
      const sealed = await sealWithKnownKey()
      if (!isSealDue) watch.note()
      return sealed
    } catch (error) {
      // Nothing is lost without a seal. It is tried again at the next look, and by a start, which says so.
      if (error instanceof Corruption) health.stop(trouble('corrupt', error.message))
      return []
    }
  }

  /** What the writer appended, and the words it took away. */
  async function followOn(cache: Reading) {
    const cursor = cursorOf(cache)
    try {
      if (cursor && !findPosition(disk, archive, cursor)) return health.setAstray(ahead(cursor.sequence))
      health.setAstray(judgeFault(serving.follow(cache)))
      if (!isOfThisText(cache, catalogue)) await renewal.makeAnew(true)
    } catch (error) {
      if (error instanceof Unreadable) return health.setAstray(unreadable(error))
      if (!(error instanceof UnknownKind)) throw error
      health.stop(trouble('newer', error.message))
    }
  }

  return {
    oweSeals() {
      isSealDue = true
    },
    seal,
    isKeyKnown,
    oweErasures(erasures) {
      toErase = erasures
    },
    owesErasures: () => toErase.length > 0,
    beginAfresh() {
      toErase = []
      isSealDue = !isKeyKnown()
    },
    async erase() {
      if (!sealKey) return
      try {
        for (const erasure of toErase) await carryOut(disk, archive, erasure)
        await sealWithKnownKey()
        await renewal.makeAnew(true)
        toErase = []
        health.goOn()
      } catch (error) {
        if (health.isFinal() || renewal.notice(error)) return
        const why = error instanceof Error ? error.message : String(error)
        health.stop(trouble('full', `Words that have to be erased are still there: ${why}`))
      }
    },
    async look() {
      serving.followPointer()
      const writes = serving.writes()
      if (writes && !sealKey) await followOn(writes)
      const bench = serving.bench()
      if (!bench || health.isFinal() || toErase.length > 0) return
      if (isSealDue) await seal()
      // What could not be sealed is not noted yet, so it would be taken for somebody else's.
      const stranger = isSealDue ? undefined : watch.look()
      if (stranger) return health.stop(trouble('disturbed', stranger))
      try {
        bench.writer.check()
      } catch (error) {
        if (error instanceof AppendFailed) health.stop(troubleOf(error))
        else throw error
      }
    },
  }
}
