import { parseArgs } from 'node:util'
import type { Scale } from './benchmark.ts'
import { beside } from './beside.ts'
import { feed } from './feed.ts'
import { describeMachine, otherWork } from './machine.ts'
import { sectionOf, writeSection } from './page.ts'
import { people } from './people.ts'
import { praying } from './praying.ts'
import { rebuild } from './rebuild.ts'
import { sizes } from './sizes.ts'
import { start } from './start.ts'
import { writes } from './writes.ts'

/*
 * `npm run bench` measures everything and writes docs/benchmarks.md; `npm run bench -- feed` only that;
 * `npm run bench -- --quick` shows within a minute whether the benchmarks work, and writes nothing.
 */

const benchmarks = [rebuild, writes, feed, praying, people, start, beside, sizes]
const full: Scale = { share: 1, rounds: 5, seconds: 3 }
const quick: Scale = { share: 0.05, rounds: 2, seconds: 0.5 }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } })
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name))
if (unknown.length > 0) throw new Error(`no such benchmark: ${unknown.join(', ')}`)

for (const benchmark of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue
  const before = await otherWork()
  const figures = await benchmark.measure(values.quick ? quick : full)
  const busy = Math.max(before, await otherWork())
  const section = sectionOf(benchmark, describeMachine(busy), figures)
  process.stdout.write(`${section}\n\n`)
  if (!values.quick) writeSection(benchmark, section)
  if (figures.some(({ must }) => must && !must.isMet)) process.exitCode = 1
}
