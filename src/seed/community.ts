import type { Recorder } from '../commands/command.ts'
import { days } from '../kernel/moment.ts'
import { invalid } from '../kernel/refusal.ts'
import { newAgenda } from './agenda.ts'
import { planAsking } from './asking.ts'
import { chanceOf } from './chance.ts'
import { planJoining } from './joining.ts'
import type { SeededSource } from './source.ts'
import { takeTurns } from './turns.ts'

/** How many there are of each. */
export interface Sizes {
  readonly members: number
  readonly prayers: number
  /** Those that stand; some more are taken back. */
  readonly marks: number
}

export interface Seeding extends Sizes {
  /** `record` of a ledger whose archive is empty and whose source is this one. */
  readonly record: Recorder
  readonly source: SeededSource
  readonly seed: string
  /** Everything happens between the start of the source and this moment. */
  readonly until: number
  /** How many commands wait at a time; the bytes are the same for each. */
  readonly window?: number
  /** Told after each member, prayer and mark. */
  readonly onProgress?: (done: number, total: number) => void
}

/** A community's first half year. */
export const span = 182 * days
/** When the last of it happens unless somebody says otherwise, so that the same seed gives the same bytes on any day. */
export const usualEnd = Date.UTC(2026, 9, 31, 20)

/**
 * Makes up a community and lets it live through its time, command by command through the one door for writes: it grows
 * by invites, asks and prays. The same seed gives the same commands, in the same order, at the same moments.
 */
export async function seedCommunity(seeding: Seeding): Promise<Sizes> {
  requirePossible(seeding)
  const { record, source, seed, until, members, prayers, marks, window = 512, onProgress } = seeding
  const agenda = newAgenda()
  const turns = takeTurns(record, source, window)
  const total = members + prayers + marks
  let done = 0
  const count = () => onProgress?.(++done, total)

  const scene = { agenda, turns, start: source.start, until, count }
  const community = planJoining(scene, chanceOf(`${seed}/joining`), members)
  planAsking(scene, chanceOf(`${seed}/asking`), { ...community, prayers, marks })
  for (let due = agenda.next(); due; due = agenda.next()) {
    await turns.room()
    await due.step(due.moment)
  }
  await turns.done()
  return { members, prayers, marks }
}

/** Throws a Refusal when there can be no such community. */
export function requirePossible({ members, prayers, marks }: Sizes): void {
  for (const [name, count, least, most] of [
    ['members', members, 1, 100_000],
    ['prayers', prayers, 0, 1_000_000],
    ['marks', marks, 0, 20_000_000],
  ] as const)
    if (!Number.isSafeInteger(count) || count < least || count > most)
      throw invalid(name, `Say how many ${name}: a whole number from ${least} to ${most}.`)
  if (marks > 60 * members * prayers)
    throw invalid('marks', 'So many marks need more members, or more prayers.')
}
