import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { catalogue } from '../../src/catalogue.ts'
import { filesOf, segmentsOf } from '../tools/archive.ts'
import { goldenGroups } from './samples.ts'

/*
 * `npm run golden` appends the samples that the golden archive does not hold yet, and refuses to change a byte of what
 * it holds. `npm run golden -- --released` pins what it holds now: a version was released that may have written it.
 */

export const pinFile = new URL('released.json', import.meta.url)

export interface Pin {
  /** The version whose release pinned it. */
  readonly version: string
  /** The first so many records, and the SHA-256 of their text with the heads above. */
  readonly records: number
  readonly bytes: number
  readonly sha256: string
}

/** What the golden archive becomes, by file. Throws when something that stands there is not what its sample prints. */
export function grown(
  standing: Record<string, Buffer>,
  printed: Record<string, string>,
): Record<string, Buffer> {
  for (const [name, bytes] of Object.entries(standing)) {
    const now = Buffer.from(printed[name] ?? '')
    if (now.subarray(0, bytes.length).equals(bytes)) continue
    const at = bytes.findIndex((byte, index) => byte !== now[index])
    const record = bytes
      .toString('utf8', 0, at + 1)
      .match(/^@\d+.*/gm)
      ?.at(-1)
    throw new Error(
      `${name}: what stands there differs from its sample at byte ${at}, behind "${record}". ` +
        'The golden archive is only ever added to: leave its samples as they are and add new ones at the end.',
    )
  }
  return Object.fromEntries(Object.entries(printed).map(([name, text]) => [name, Buffer.from(text)]))
}

/** All segments behind each other. */
export const joined = (files: Record<string, Uint8Array>) =>
  Buffer.concat(
    Object.keys(files)
      .sort()
      .map((name) => files[name] ?? Buffer.alloc(0)),
  )

export const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function grow() {
  const standing = existsSync(catalogue.golden) ? filesOf(catalogue.golden) : {}
  const files = grown(standing, segmentsOf(goldenGroups()))
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(catalogue.golden, name)), { recursive: true })
    writeFileSync(join(catalogue.golden, name), bytes)
  }
  const added = joined(files).length - joined(standing).length
  process.stdout.write(added > 0 ? `${added} bytes were added.\n` : 'Every sample stands there.\n')
  if (process.argv.includes('--released')) pin(joined(files))
}

function pin(bytes: Buffer) {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const records = goldenGroups().reduce((sum, group) => sum + group.records.length, 0)
  const pinned: Pin = { version, records, bytes: bytes.length, sha256: sumOf(bytes) }
  writeFileSync(pinFile, `${JSON.stringify(pinned, null, 2)}\n`)
  process.stdout.write(`${records} records are pinned.\n`)
}

if (import.meta.main) {
  try {
    grow()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
