import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Benchmark, Figure } from './benchmark.ts'
import { projectFolder } from './processes.ts'

const path = join(projectFolder, 'docs/benchmarks.md')

/** What a benchmark found, as it stands on the page and on the terminal. */
export function sectionOf({ title }: Benchmark, machine: string, figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, against = '', ratio, must }) => [
    what,
    measured,
    against,
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
    must?.sentence ?? '',
    must ? (must.isMet ? '✓' : '✗') : '',
  ])
  const heads = ['what', 'measured', 'baseline', 'ratio', 'must', '']
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return [`### ${title}`, '', ...lines, '', machine].join('\n')
}

/** Puts a section in its place on the page, between the two comments that name it; a new one at the end. */
export function writeSection({ name }: Benchmark, section: string) {
  const page = readFileSync(path, 'utf8')
  const place = new RegExp(`(?<=<!-- ${name} -->\\n)[^]*(?=<!-- /${name} -->)`)
  const ready = place.test(page) ? page : `${page}\n<!-- ${name} -->\n<!-- /${name} -->\n`
  writeFileSync(
    path,
    ready.replace(place, () => `\n${section}\n\n`),
  )
}
