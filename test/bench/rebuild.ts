import type { BareRebuild } from './bare-rows.ts'
import { atLeast, atMost, type Benchmark, fine, whole } from './benchmark.ts'
import { copyOf, seeded } from './communities.ts'
import { startScript, weighed } from './processes.ts'
import { inTurn, medianOf } from './rounds.ts'

/** A new cache from the text: the real command, against loops that only read, hash and insert. */
export const rebuild: Benchmark = {
  name: 'rebuild',
  title: 'Rebuild of a million records',
  async measure({ share, rounds }) {
    const marks = 1_000_000 * share
    using community = copyOf(await seeded({ members: 1000, prayers: 5000, marks }))
    const { env, schemaHash } = community
    const peaks: number[] = []
    let records = 0

    const runs = await inTurn(rounds, {
      async ours() {
        const { answer, peak } = await weighed(['rebuild'], env)
        const report = answer as { records: number; seconds: number }
        records = report.records
        peaks.push(peak / 1e6)
        return report.seconds
      },
      plain: () => bare('rebuild-plain.ts', [schemaHash]),
      floor: () => bare('rebuild-bare.ts', ['split', schemaHash]),
      ready: () => bare('rebuild-bare.ts', ['ready', schemaHash]),
    })

    async function bare(script: string, args: readonly string[]) {
      await using loop = await startScript<BareRebuild>(script, { args, env, flags: [] })
      // A rebuild tells of itself in one more record, which it does not count.
      if (loop.word.records !== records + 1) throw new Error('the bare loop read other records')
      return loop.word.seconds
    }

    const speed = records / runs.median('ours')
    const ratio = runs.ratio('ours', 'plain')
    const peak = medianOf(peaks)
    return [
      {
        what: `\`./thywill rebuild\` of ${whole(records)} records`,
        measured: `${whole(speed)} records/s`,
        must: atLeast(speed, 100_000, 'records/s'),
      },
      {
        what: 'its time',
        measured: `${fine(runs.median('ours'))} s`,
        against: `bare loop, written plainly: ${fine(runs.median('plain'))} s`,
        ratio,
        must: atMost(ratio, 1.6, '×'),
      },
      {
        what: 'the same',
        measured: `${fine(runs.median('ours'))} s`,
        against: `the least we know how to do: ${fine(runs.median('floor'))} s`,
        ratio: runs.ratio('ours', 'floor'),
      },
      {
        what: 'the same',
        measured: `${fine(runs.median('ours'))} s`,
        against: `that when all rows lie ready in memory: ${fine(runs.median('ready'))} s`,
        ratio: runs.ratio('ours', 'ready'),
      },
      {
        what: 'peak memory of its process',
        measured: `${whole(peak)} MB`,
        must: atMost(peak, 250, 'MB'),
      },
    ]
  },
}
