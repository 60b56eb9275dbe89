import { atLeast, atMost, type Benchmark, fine, whole } from './benchmark.ts'
import { seeded } from './communities.ts'
import { startScript, weighed } from './processes.ts'
import type { BareRebuild } from './rebuild-bare.ts'
import { inTurn, medianOf } from './rounds.ts'

/** A new cache from the text: the real command, against a loop that only reads, hashes and inserts. */
export const rebuild: Benchmark = {
  name: 'rebuild',
  title: 'Rebuild of a million records',
  async measure({ share, rounds }) {
    const marks = 1_000_000 * share
    const { env, schemaHash } = await seeded({ members: 1000, prayers: 5000, marks })
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
      bare: () => bare('split'),
      ready: () => bare('ready'),
    })

    async function bare(rows: 'split' | 'ready') {
      await using loop = await startScript<BareRebuild>('rebuild-bare.ts', {
        args: [rows, schemaHash],
        env,
        flags: [],
      })
      if (loop.word.records !== records) throw new Error('the bare loop read other records')
      return loop.word.seconds
    }

    const speed = records / runs.median('ours')
    const ratio = runs.ratio('ours', 'bare')
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
        against: `bare loop: ${fine(runs.median('bare'))} s`,
        ratio,
        must: atMost(ratio, 1.6, '×'),
      },
      {
        what: 'the same',
        measured: `${fine(runs.median('ours'))} s`,
        against: `bare loop whose rows lie ready in memory: ${fine(runs.median('ready'))} s`,
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
