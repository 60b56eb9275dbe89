import { perform, type Recorder } from '../commands/command.ts'
import { tellStrangersRefused } from '../commands/strangers.ts'
import { schedule } from '../kernel/actor.ts'
import { hours } from '../kernel/moment.ts'

/** Counts what is too frequent for a record each. */
export interface Tallies {
  count(what: string): void
  /** Records what was counted since the last time; what could not be recorded counts for the next. */
  tell(): Promise<void>
  /** Tells for the last time. */
  close(): Promise<void>
}

interface Options {
  readonly record: Recorder
  readonly onFailure: (error: unknown) => void
  /** Milliseconds from one record to the next. */
  readonly often?: number
}

/** One record an hour for each kind of refusal that there was, however many there were. */
export function strangerTallies({ record, onFailure, often = hours }: Options): Tallies {
  let counts = new Map<string, number>()

  async function tell() {
    if (counts.size === 0) return
    const telling = counts
    counts = new Map()
    try {
      await perform(record, tellStrangersRefused, schedule, { tallies: Object.fromEntries(telling) })
    } catch (error) {
      for (const [what, times] of telling) counts.set(what, (counts.get(what) ?? 0) + times)
      onFailure(error)
    }
  }

  const timer = setInterval(() => void tell(), often).unref()
  return {
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    tell,
    close() {
      clearInterval(timer)
      return tell()
    },
  }
}
