import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { realDisk } from '../../src/archive/disk.ts'
import { writeAll } from '../../src/archive/file.ts'
import { segmentName } from '../../src/archive/files.ts'
import { cursorOf } from '../../src/cache/cursor.ts'
import { perform } from '../../src/commands/command.ts'
import { markPrayer } from '../../src/commands/marks.ts'
import type { Member } from '../../src/kernel/actor.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { atLeast, type Benchmark, type Figure, fine, whole } from './benchmark.ts'
import { copyOf, type Place, seeded } from './communities.ts'
import { inTurn, medianOf } from './rounds.ts'

/** "I prayed" through the whole ledger, against an append of the same bytes that knows no SQLite. */
export const writes: Benchmark = {
  name: 'writes',
  title: 'Durable writes',
  async measure({ share, rounds, seconds }) {
    using place = copyOf(await seeded({ members: 1000, prayers: 5000, marks: 50_000 * share }))
    const ledger = await openLedger(ledgerOptions(place.config))
    try {
      const pray = prayingIn(ledger)
      const file = openSync(join(place.folder, 'appended.txt'), 'a')
      let last = ''
      const runs = await inTurn(rounds, {
        '1': () => steady(pray, 1, seconds),
        '8': () => steady(pray, 8, seconds),
        async '64'() {
          const before = endOf(ledger)
          const speed = await steady(pray, 64, seconds)
          last = bytesSince(place, ledger, before)
          return speed
        },
        '64 bare': () => appended(file, last),
        sync: async () => syncTime(file, last),
        '256': () => steady(pray, 256, seconds),
      })
      closeSync(file)
      return figuresOf(runs)
    } finally {
      await ledger.close()
    }
  },
}

type Pray = () => Promise<unknown>
type Runs = Awaited<ReturnType<typeof inTurn<'1' | '8' | '64' | '64 bare' | 'sync' | '256'>>>

function figuresOf(runs: Runs): Figure[] {
  const sync = runs.median('sync')
  const one = `1 waiting: ${whole(runs.median('1'))}/s`
  const times = runs.ratio('64', '1')
  const share = runs.ratio('64', '64 bare')
  return [
    { what: 'one fdatasync of one record', measured: `${fine(sync)} ms` },
    { what: '1 command waiting', measured: `${whole(runs.median('1'))}/s` },
    {
      what: '8 waiting',
      measured: `${whole(runs.median('8'))}/s`,
      against: one,
      ratio: runs.ratio('8', '1'),
    },
    {
      what: '64 waiting',
      measured: `${whole(runs.median('64'))}/s`,
      against: one,
      ratio: times,
      ...(sync >= 0.2 && { must: atLeast(times, 8, '×') }),
    },
    {
      what: 'the same',
      measured: `${whole(runs.median('64'))}/s`,
      against: `the same bytes appended and synced in groups of 64: ${whole(runs.median('64 bare'))}/s`,
      ratio: share,
      must: atLeast(share, 0.15, '×'),
    },
    {
      what: '256 waiting',
      measured: `${whole(runs.median('256'))}/s`,
      against: one,
      ratio: runs.ratio('256', '1'),
    },
  ]
}

/**
 * Each call is another member praying for another request, none of them twice: everybody, in no order, for what stands on
 * the first page of the feed, then for the page behind it.
 */
function prayingIn(ledger: Ledger): Pray {
  const { sqlite } = ledger.cache()
  const prayers = sqlite
    .prepare("select id from prayers where state = 'open' order by sequence desc")
    .pluck()
    .all() as string[]
  const actors = sqlite.prepare('select member, id as session from sessions order by id').all() as Member[]
  const pageSize = 20
  let calls = 0
  return () => {
    const turn = Math.floor(calls / pageSize)
    const page = Math.floor(turn / actors.length)
    const actor = actors[turn % actors.length]
    const prayer = prayers[page * pageSize + (calls % pageSize)]
    calls++
    if (!actor || prayer === undefined) throw new Error('everybody has prayed for everything')
    return perform(ledger.record, markPrayer, { ...actor, is: 'member', name: '', roles: [] }, { prayer })
  }
}

/** So many wait all the time, each for their own: how many a second are answered. */
async function steady(pray: Pray, waiting: number, seconds: number): Promise<number> {
  const started = performance.now()
  const end = started + seconds * 1000
  let done = 0
  const one = async () => {
    while (performance.now() < end) {
      await pray()
      done++
    }
  }
  await Promise.all(Array.from({ length: waiting }, one))
  return (done * 1000) / (performance.now() - started)
}

const endOf = (ledger: Ledger) => cursorOf(ledger.cache())?.offset ?? 0

function bytesSince({ config }: Place, ledger: Ledger, before: number): string {
  const cursor = cursorOf(ledger.cache())
  if (!cursor || cursor.offset <= before) throw new Error('a new month began: measure again')
  const bytes = Buffer.alloc(cursor.offset - before)
  const file = openSync(join(config.archiveDir, segmentName(cursor.month)), 'r')
  readSync(file, bytes, 0, bytes.length, before)
  closeSync(file)
  return bytes.toString()
}

/** Each record with its closing line and the blank line behind it. */
const recordsIn = (text: string) => text.split(/(?<=\n\n)/)

/** How many records a second can be appended when 64 share a sync. */
async function appended(file: number, text: string): Promise<number> {
  const records = recordsIn(text)
  const groups: Buffer[] = []
  for (let from = 0; from < records.length; from += 64)
    groups.push(Buffer.from(records.slice(from, from + 64).join('')))
  const started = performance.now()
  for (const group of groups) {
    writeAll(realDisk, file, group)
    await realDisk.sync(file)
  }
  return (records.length * 1000) / (performance.now() - started)
}

/** Milliseconds that one fdatasync takes when one record was written. */
function syncTime(file: number, text: string): number {
  const times = recordsIn(text)
    .slice(0, 200)
    .map((record) => {
      writeSync(file, record)
      const started = performance.now()
      fdatasyncSync(file)
      return performance.now() - started
    })
  return medianOf(times)
}
