import { hash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Config, readConfig } from '../../src/config.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Sizes } from '../../src/seed/community.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { projectFolder, thywill } from './processes.ts'

/** Where a community is, as the environment says it and as the code reads it. */
export interface Place {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly config: Config
  readonly records: number
  /** Of the cache that fits. */
  readonly schemaHash: string
}

/**
 * A made-up community with a cache that fits this code. Its archive is made once and kept in the temporary folder until
 * the code that decides its bytes changes; who writes takes a `copyOf` it.
 */
export async function seeded({ members, prayers, marks }: Sizes): Promise<Place> {
  const folder = join(keptFolder(), `${members}-${prayers}-${marks}`)
  if (!existsSync(folder)) {
    const unfinished = `${folder}.tmp`
    rmSync(unfinished, { recursive: true, force: true })
    const sizes = ['--members', members, '--prayers', prayers, '--marks', marks].map(String)
    await thywill(['seed', ...sizes, '--json'], foldersIn(unfinished))
    renameSync(unfinished, folder)
  }
  const env = foldersIn(folder)
  const ledger = await openLedger(ledgerOptions(readConfig(env)))
  const { schemaHash } = ledger
  const records = ledger.head().sequence
  await ledger.close()
  return { folder, env, config: readConfig(env), records, schemaHash }
}

/** The same community in a folder of its own, until it goes out of use. */
export function copyOf(place: Place): Place & Disposable {
  const copy = mkdtempSync(join(tmpdir(), 'thywill-bench-'))
  cpSync(place.folder, copy, { recursive: true })
  const env = foldersIn(copy)
  return {
    ...place,
    folder: copy,
    env,
    config: readConfig(env),
    [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }),
  }
}

const foldersIn = (folder: string) => ({
  ARCHIVE_DIR: join(folder, 'archives'),
  CACHE_DIR: join(folder, 'cache'),
  BACKUP_DIR: join(folder, 'backups'),
  SECRETS_DIR: join(folder, 'secrets'),
  RATE_LIMITS: 'off',
})

/** Named by the code that decides what a seeded archive says; what other code made is removed. */
function keptFolder(): string {
  const kept = join(tmpdir(), 'thywill-bench', codeHash())
  mkdirSync(kept, { recursive: true })
  for (const name of readdirSync(dirname(kept))) {
    if (name !== basename(kept)) rmSync(join(dirname(kept), name), { recursive: true, force: true })
  }
  return kept
}

function codeHash() {
  const files = globSync('src/{archive/print,{commands,kernel,queries,records,seed}/**/*}.ts', {
    cwd: projectFolder,
  })
  const texts = files.sort().map((name) => readFileSync(join(projectFolder, name), 'utf8'))
  return hash('sha256', texts.join('\0')).slice(0, 16)
}
