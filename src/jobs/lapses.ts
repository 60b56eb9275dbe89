import { setTimeout as pause } from 'node:timers/promises'
import type { Reading } from '../cache/reading.ts'
import { perform, type Recorder } from '../commands/command.ts'
import { restLapsed } from '../commands/lapses.ts'
import { lastAtHour } from '../kernel/local-hours.ts'
import { type Moment, momentOf } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'
import { dueToRest } from '../queries/lapses.ts'
import { settingsOf } from '../queries/settings.ts'
import type { Chore } from './nightly.ts'

/** Of the clocks where the community lives: few are awake, and whoever looks in the morning finds it done. */
const restHour = 4

/** Milliseconds between two batches: whoever saves something meanwhile comes first. */
const breath = 20

interface Lapsing {
  cache(): Reading
  readonly record: Recorder
  readonly source: Source
}

/**
 * Once a day requests come to rest that have lapsed by then. What is due is asked of the cache, so a restart changes nothing,
 * and what was missed while the site stood still is made good. As long as there is nothing to do it counts as done just now.
 */
export function lapseChore({ cache, record, source }: Lapsing): { readonly rests: Chore } {
  /** Up to here nothing is left to do: nobody can have anything lapse in the past. */
  let doneUpTo: Moment | undefined
  const hour = () => lastAtHour(momentOf(source.now()), settingsOf(cache()).timeZone, restHour)
  return {
    rests: {
      last() {
        const upTo = hour()
        if (upTo !== doneUpTo && dueToRest(cache(), upTo).length > 0) return undefined
        doneUpTo = upTo
        return momentOf(source.now())
      },
      async run(by) {
        const upTo = hour()
        while ((await perform(record, restLapsed, by, { upTo })).rested > 0) await pause(breath)
        doneUpTo = upTo
      },
    },
  }
}
