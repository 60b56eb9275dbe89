import assert from 'node:assert/strict'
import test from 'node:test'
import { getTableName } from 'drizzle-orm'
import fc from 'fast-check'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { rowsOf } from '../../src/cache/schema.ts'
import { millisecondsOf } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import type { Source } from '../../src/kernel/stamp.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { nameSealingKey } from '../../src/operations/keys.ts'
import { tables } from '../../src/records/kinds.ts'
import { failingDisk } from '../tools/failing-disk.ts'
import { holdsAsync } from '../tools/laws.ts'
import { type Image, randomFrom } from '../tools/memory-disk.ts'
import {
  type Attempt,
  anyDeed,
  attemptAt,
  type Deed,
  type Doing,
  doings,
  emptyHands,
  type Hands,
} from './deeds.ts'
import { equalsARebuild } from './examine.ts'
import { archive, cacheFolder, ledgerOptions } from './stage.ts'

/*
 * People do things in rounds: whoever is in one round does not know yet what comes of the others in it. So the same
 * rounds can be played one by one and all at once.
 */

interface Round {
  readonly deeds: readonly Deed[]
  /** Minutes until the next one. */
  readonly pause: number
}

const round: fc.Arbitrary<Round> = fc.record({
  deeds: fc.array(anyDeed, { minLength: 1, maxLength: 12 }),
  pause: fc.constantFrom(0, 0, 1, 1, 2, 2, 61, 61, 1440, 12_000),
})
const rounds = fc.array(round, { minLength: 1, maxLength: 8 })

const deed = (does: Doing, who = 0, what = 0, how = 0): Deed => ({
  does,
  at: [who, what, how],
  words: 'For rain.',
})

/** The first people are there before anything happens, else hardly anything would. */
const opening: Round[] = [
  { deeds: [deed('open the first link'), deed('issue an invite', 0, 4, 0)], pause: 1 },
  { deeds: [deed('claim', 1, 0, 0)], pause: 1 },
  { deeds: [deed('claim', 0, 1, 1), deed('claim', 0, 2, 2), deed('post', 0, 0, 5)], pause: 1 },
]

let begun: Image
test.before(async () => {
  const disk = failingDisk({ random: randomFrom(1) })
  const folder = cacheFolder()
  const options = ledgerOptions(disk, still('2026-11-29T07:00:00.000Z'), folder.path)
  const ledger = await openLedger(options)
  await nameSealingKey(ledger, options)
  await ledger.close()
  folder.remove()
  begun = disk.memory.image()
})

test('after any sequence of commands a cache made from the text alone is the same, row by row', async (t) => {
  const outcomes = new Map<string, number>()
  await holdsAsync(
    fc.asyncProperty(rounds, fc.constantFrom(1, 2, 5, 256), async (rounds, batchSize) => {
      await withLedger(batchSize, async (play) => {
        const all = [...opening, ...rounds]
        const come = (await play.all(all, 'at once')).flat()
        for (const [place, { does }] of all.flatMap(({ deeds }) => deeds).entries()) {
          const outcome = `${does}: ${come[place]}`
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        }
        await play.sameWithoutCache()
      })
    }),
    60,
  )
  t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)))
  const never = doings.filter((does) => !outcomes.has(`${does}: done`))
  // Which of them succeed is left to chance.
  assert.ok(never.length <= 10, `nobody could ${never.join(', ')}`)
})

test('commands that share syncs leave the same bytes as commands that come one by one', async () => {
  await holdsAsync(
    fc.asyncProperty(rounds, fc.integer({ min: 2, max: 40 }), async (rounds, batchSize) => {
      const all = [...opening, ...rounds]
      const alone = await withLedger(1, async (play) => [await play.all(all, 'one by one'), play.text()])
      const together = await withLedger(batchSize, async (play) => [
        await play.all(all, 'at once'),
        play.text(),
      ])
      assert.deepEqual(together, alone)
    }),
    60,
  )
})

/** A clock that stands still unless it is set, so that nobody's turn changes the time. */
function still(moment: string): Source & { passes(minutes: number): void } {
  const random = randomFrom(7)
  let milliseconds = millisecondsOf(moment)
  return {
    now: () => milliseconds,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
    passes: (minutes) => {
      milliseconds += minutes * 60_000
    },
  }
}

interface Play {
  /** What came of each deed of each round. */
  all(rounds: readonly Round[], how: 'one by one' | 'at once'): Promise<string[][]>
  text(): string
  sameWithoutCache(): Promise<void>
}

async function withLedger<Result>(batchSize: number, work: (play: Play) => Promise<Result>): Promise<Result> {
  const disk = failingDisk({ image: begun, random: randomFrom(1) })
  const folder = cacheFolder()
  const source = still('2026-11-29T08:00:00.000Z')
  const hands = emptyHands()
  let ledger = await openLedger({ ...ledgerOptions(disk, source, folder.path), batchSize })
  const rows = () => tables.map((table) => [getTableName(table), [...rowsOf(ledger.cache(), table)]])
  try {
    return await work({
      async all(rounds, how) {
        const outcomes: string[][] = []
        for (const { deeds, pause } of rounds) {
          outcomes.push(await play(ledger, source, { deeds, hands, how }))
          source.passes(pause)
        }
        await ledger.settled()
        return outcomes
      },
      text: () =>
        archiveFiles(disk.onlooker, archive)
          .segments.map(({ name }) => readWhole(disk.onlooker, `${archive}/${name}`).toString())
          .join(''),
      async sameWithoutCache() {
        await equalsARebuild(disk, ledger)
        const before = rows()
        await ledger.close()
        folder.remove()
        ledger = await openLedger(ledgerOptions(disk, source, folder.path))
        assert.deepEqual(rows(), before)
      },
    })
  } finally {
    await ledger.close()
    folder.remove()
  }
}

interface Turn {
  readonly deeds: readonly Deed[]
  readonly hands: Hands
  readonly how: 'one by one' | 'at once'
}

async function play(ledger: Ledger, source: Source, { deeds, hands, how }: Turn): Promise<string[]> {
  const attempts = deeds.map((deed) => attemptAt(deed, { ledger, source, held: hands }))
  const outcomes: Outcome[] = []
  if (how === 'at once') outcomes.push(...(await Promise.all(attempts.map((attempt) => outcomeOf(attempt)))))
  else for (const attempt of attempts) outcomes.push(await outcomeOf(attempt))
  return outcomes.map((outcome) => {
    if (typeof outcome === 'string') return outcome
    outcome(hands)
    return 'done'
  })
}

/** What they take into their hands by it, or why not. */
type Outcome = string | ((hands: Hands) => void)

async function outcomeOf(attempt: Attempt): Promise<Outcome> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}
