import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGroups } from '../../src/archive/read.ts'
import { catalogue } from '../../src/catalogue.ts'
import { type Command, perform, type Recorder } from '../../src/commands/command.ts'
import type { Actor, Member } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { type Moment, millisecondsOf, momentOf } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { digest, type Source } from '../../src/kernel/stamp.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../../src/ledger/ledger.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'
import { recordErased } from '../../src/records/erasures.ts'
import type { FailingDisk } from '../tools/failing-disk.ts'
import { randomFrom } from '../tools/memory-disk.ts'

/** Where the archive is on a failing disk: below a folder that is not there yet, either. */
export const archive = '/disk/site/archives'
export const secrets = '/disk/site/secrets'

/** What came of a group of records that somebody asked for. */
export type Outcome = 'waiting' | 'saved' | 'refused' | 'unknown'

export interface Entry {
  readonly time: Moment
  readonly drafts: readonly Draft[]
  outcome: Outcome
}

/** What people know of each other, so that a later act can go on where an earlier one ended. */
export interface Cast {
  readonly members: Readonly<Record<string, Member>>
  readonly prayers: readonly string[]
}

/** A clock that ticks whenever somebody looks at it, and dice that always fall alike. */
export interface Clock extends Source {
  moment: Moment
}

export function clockFrom(moment: Moment, seed: number): Clock {
  let milliseconds = millisecondsOf(moment)
  const random = randomFrom(seed)
  return {
    now: () => ++milliseconds,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
    get moment() {
      return momentOf(milliseconds)
    },
    set moment(to) {
      milliseconds = millisecondsOf(to)
    },
  }
}

/** The site on a failing disk, with a notebook of everything that was asked of it. */
export interface Stage {
  readonly clock: Clock
  readonly entries: Entry[]
  cast: Cast
  readonly disk: FailingDisk
  readonly folder: string
  ledger(): Ledger
  /** `Ledger.record`, with an entry in the notebook. */
  readonly record: Recorder
  opens(): Promise<void>
  closes(): Promise<void>
  /** Does it, again if it was refused; `undefined` when it was never saved. Throws StoryEnds when nobody can tell. */
  does<Who extends Actor, Input, Result>(
    actor: Actor,
    command: Command<Who, Input, Result>,
    raw: unknown,
  ): Promise<Result | undefined>
  /** Does what an operator does, and may hear from the disk that it cannot be done. */
  tries(work: () => Promise<unknown>): Promise<void>
  comesIn(name: string, cookie: string): void
  asks(prayer: string): void
  /** Has the words of a request erased. */
  erases(prayer: string): Promise<void>
}

/** Nothing more can be written before a restart. */
export class StoryEnds extends Error {}

export interface StageOptions {
  readonly disk: FailingDisk
  readonly clock: Clock
  /** The folder of the cache. */
  readonly folder: string
  readonly entries?: Entry[]
  readonly cast?: Cast
}

export const ledgerOptions = (
  disk: FailingDisk,
  source: Source,
  cache: string,
): LedgerOptions & { probeEvery: number } => ({
  disk: disk.disk,
  source,
  archive,
  cache,
  secrets,
  catalogue,
  isReadOnly: false,
  probeEvery: 2,
})

export function stageOf({ disk, clock, folder, entries = [], cast = noCast }: StageOptions): Stage {
  let open: Ledger | undefined
  const ledger = () => {
    assert.ok(open, 'the ledger is open')
    return open
  }
  const record: Recorder = async (rehearse) => {
    let entry: Entry | undefined
    try {
      const result = await ledger().record((cache, stamp) => {
        // A rehearsal may be asked again: only the last one counts.
        if (entry) entries.splice(entries.indexOf(entry), 1)
        entry = undefined
        const decided = rehearse(cache, stamp)
        if (decided.drafts.length > 0) {
          entry = { time: stamp.time, drafts: decided.drafts, outcome: 'waiting' }
          entries.push(entry)
        }
        return decided
      })
      if (entry) entry.outcome = 'saved'
      return result
    } catch (error) {
      if (entry) entry.outcome = isRefusal(error, 'unknown-outcome') ? 'unknown' : 'refused'
      throw error
    }
  }

  async function insists<Result>(attempt: () => Promise<Result>): Promise<Result | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        if (error.reason === 'unknown-outcome') throw new StoryEnds()
        if (error.reason !== 'read-only') return undefined
        if (!['full', 'cache', undefined].includes(ledger().trouble()?.why)) throw new StoryEnds()
        assert.ok(tries < 200, 'writes go on by themselves once there is room')
        await new Promise((resolve) => setTimeout(resolve, tries))
      }
    }
  }

  const stage: Stage = {
    clock,
    entries,
    cast,
    disk,
    folder,
    ledger,
    record,
    async opens() {
      open = await openLedger(ledgerOptions(disk, clock, folder))
    },
    async closes() {
      const closing = open
      open = undefined
      await closing?.close()
    },
    does: (actor, command, raw) => insists(() => perform(record, command, actor, raw)),
    async tries(work) {
      try {
        await work()
      } catch (error) {
        // What could not be read at the start is not tried again.
        assert.ok(isOfTheDisk(error) || ledger().trouble()?.why === 'unreadable', String(error))
      }
    },
    comesIn(name, cookie) {
      const member = sessionByToken(ledger().cache(), digest(cookie), clock.moment)?.actor
      assert.ok(member?.is === 'member', `${name} is in`)
      stage.cast = { ...stage.cast, members: { ...stage.cast.members, [name]: member } }
    },
    asks(prayer) {
      stage.cast = { ...stage.cast, prayers: [...stage.cast.prayers, prayer] }
    },
    async erases(prayer) {
      const found = recordOf(disk, prayer)
      await insists(() =>
        record(() => ({
          drafts: [recordErased.of({ by: 'operator', ...found, field: 'request', why: 'wish' })],
          result: undefined,
        })),
      )
    },
  }
  return stage
}

const noCast: Cast = { members: {}, prayers: [] }

const isRefusal = (error: unknown, reason: Refusal['reason']) =>
  error instanceof Refusal && error.reason === reason

/** What the system said, or what was made of it. */
export const isOfTheDisk = (error: unknown): boolean =>
  error instanceof Error && ('code' in error || isOfTheDisk(error.cause))

/** Sequence and hash of the record that posted this prayer. */
export function recordOf({ onlooker }: FailingDisk, prayer: string) {
  for (const { records } of readGroups(onlooker, archive)) {
    for (const { kind, values, sequence, hash } of records) {
      const isIt =
        kind === 'prayer.posted' && values.some(([key, value]) => key === 'prayer' && value === prayer)
      if (isIt) return { record: sequence, hash }
    }
  }
  throw new Error(`there is no ${prayer}`)
}

/** What lies in a folder, by name. */
export type Files = ReadonlyMap<string, Buffer>

/** Every file of a cache that a process which is killed leaves: shared memory is made anew, and scratch folders go. */
export function filesIn(folder: string, before: Files = new Map()): Files {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
    .map(({ name }) => name)
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name))
      const known = before.get(name)
      return [name, known?.equals(bytes) ? known : bytes]
    }),
  )
}

/** A folder of its own for a cache, on a disk that is fast where there is one: these tests make thousands. */
export function cacheFolder(files: Files = new Map()): { readonly path: string; remove(): void } {
  const memory = '/dev/shm'
  const path = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'thywill-cache-'))
  mkdirSync(path, { recursive: true })
  for (const [name, bytes] of files) writeFileSync(join(path, name), bytes)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
