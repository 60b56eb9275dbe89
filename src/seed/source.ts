import type { Recorder } from '../commands/command.ts'
import type { Source } from '../kernel/stamp.ts'
import { chanceOf } from './chance.ts'

/** A clock that is moved by hand and dice that fall the same way each time, for a ledger that is to be seeded. */
export interface SeededSource extends Source {
  /** When the archive is opened, in milliseconds since 1970. */
  readonly start: number
  /** Records in this moment, however long the command has to wait for its turn. Moments may not go back. */
  at(moment: number, record: Recorder): Recorder
}

export function seededSource(seed: string, start: number): SeededSource {
  const { bytes } = chanceOf(`${seed}/bytes`)
  /** The moments of the commands that wait, in their order: the clock stands at the first one's. */
  const waiting: { readonly moment: number }[] = []
  let last = start

  return {
    start,
    bytes,
    now: () => waiting[0]?.moment ?? last,
    at: (moment, record) => (rehearse) => {
      const mine = { moment }
      waiting.push(mine)
      return record((cache, stamp) => {
        // A rehearsal may be asked again, when it no longer waits.
        if (waiting[0] === mine) waiting.shift()
        last = moment
        return rehearse(cache, stamp)
      })
    },
  }
}
