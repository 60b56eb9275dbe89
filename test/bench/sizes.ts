import { type Benchmark, type Figure, fine, whole } from './benchmark.ts'
import { copyOf, seeded } from './communities.ts'
import { weighed } from './processes.ts'
import { medianOf } from './rounds.ts'

/** How long a community of each size waits for a new cache, when nobody prepared it. */
export const sizes: Benchmark = {
  name: 'sizes',
  title: 'Rebuild by size',
  async measure({ share }) {
    const figures: Figure[] = []
    let last: number | undefined
    for (const marks of [10_000, 100_000, 1_000_000, 3_000_000]) {
      using community = copyOf(await seeded({ members: 1000, prayers: 5000, marks: marks * share }))
      const { env, records } = community
      const [seconds, peaks]: [number[], number[]] = [[], []]
      for (let round = 0; round < 3; round++) {
        const { answer, peak } = await weighed(['rebuild'], env)
        seconds.push((answer as { seconds: number }).seconds)
        peaks.push(peak / 1e6)
      }
      const perRecord = (medianOf(seconds) / records) * 1e6
      figures.push({
        what: `${whole(records)} records, ${whole(medianOf(peaks))} MB at the most`,
        measured: `${fine(medianOf(seconds))} s`,
        against: `${fine(perRecord)} µs a record${last === undefined ? '' : '; the line above'}`,
        ...(last !== undefined && { ratio: perRecord / last }),
      })
      last = perRecord
    }
    return figures
  },
}
