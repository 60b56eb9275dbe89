import { type Actor, schedule } from '../kernel/actor.ts'
import { hours, type Moment, millisecondsOf, momentOf } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'

/** What is to be done every night. */
export interface Chore {
  /** When it was done last, as the records say. */
  last(): Moment | undefined
  /** Does it and records it. */
  run(by: Actor): Promise<void>
}

export interface ChoreState {
  readonly last: Moment | undefined
  readonly isRunning: boolean
  /** Why it is not done, and since when; `undefined` when the last try went well. */
  readonly failure: { readonly at: Moment; readonly sentence: string } | undefined
}

export interface Nightly<Name extends string> {
  state(chore: Name): ChoreState
  /** Does it now, whenever it was done last; when it is under way already, waits for that. Throws why it failed. */
  now(chore: Name, by: Actor): Promise<void>
  /** Begins nothing more, and waits for what is under way. */
  close(): Promise<void>
}

export interface NightlyOptions<Name extends string> {
  readonly source: Source
  readonly chores: Readonly<Record<Name, Chore>>
  onFailure(chore: Name, error: unknown): void
  /** Milliseconds to the first look, and between two. */
  readonly soon?: number
  readonly often?: number
}

/**
 * Does each chore every night, and soon after the start when that is a day ago; never two at once. When it was done last is
 * asked from the records, so a restart changes nothing. What failed is tried again after an hour.
 */
export function runNightly<Name extends string>({
  source,
  chores,
  onFailure,
  soon = 15_000,
  often = 60_000,
}: NightlyOptions<Name>): Nightly<Name> {
  const names = Object.keys(chores) as Name[]
  const failures = new Map<Name, NonNullable<ChoreState['failure']>>()
  const running = new Map<Name, Promise<void>>()
  let queue: Promise<unknown> = Promise.resolve()
  let isClosed = false

  function begin(name: Name, by: Actor): Promise<void> {
    const known = running.get(name)
    if (known) return known
    const turn = queue.then(() => attempt(name, by)).finally(() => running.delete(name))
    queue = turn.catch(() => {})
    running.set(name, turn)
    return turn
  }

  async function attempt(name: Name, by: Actor) {
    if (isClosed) return
    const at = momentOf(source.now())
    try {
      await chores[name].run(by)
      failures.delete(name)
    } catch (error) {
      if (isClosed) return
      failures.set(name, { at, sentence: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }

  function look() {
    const now = source.now()
    for (const name of names) {
      if (running.has(name) || !isDue(now, chores[name].last(), failures.get(name)?.at)) continue
      begin(name, schedule).catch((error: unknown) => onFailure(name, error))
    }
  }

  const first = setTimeout(look, soon).unref()
  const later = setInterval(look, often).unref()
  return {
    state: (name) => ({
      last: chores[name].last(),
      isRunning: running.has(name),
      failure: failures.get(name),
    }),
    now: begin,
    async close() {
      isClosed = true
      clearTimeout(first)
      clearInterval(later)
      await queue
    },
  }
}

/** Every night, after a day at the latest, and not within an hour of having failed. */
export function isDue(now: number, last: Moment | undefined, failedAt: Moment | undefined): boolean {
  if (failedAt !== undefined && now - millisecondsOf(failedAt) < hours) return false
  if (last === undefined) return true
  const since = millisecondsOf(last)
  return now - since >= 24 * hours || since < lastNight(now)
}

/** Of the machine's own clock: few are awake then. */
const nightHour = 3

function lastNight(now: number): number {
  const night = new Date(now)
  night.setHours(nightHour, 0, 0, 0)
  if (night.getTime() > now) night.setDate(night.getDate() - 1)
  return night.getTime()
}
