import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { begunWith, bundles, fingerprint, isWhole, listName, project, sources } from './bundle.ts'

/** Beside the one just made: for versions that still run from theirs. */
const kept = 2

/**
 * Makes the bundle of these sources, which project with this schema hash; one that is there and the same stays. Only for a
 * program that runs from its sources. Throws when it cannot be made or written, or a source changed since the program was
 * begun: nothing is changed then. `now` is in milliseconds.
 */
export async function makeBundle(schemaHash: string, now: number): Promise<void> {
  const begun = begunWith()
  const made = join(bundles, begun)
  const files = await bundled(made, schemaHash)
  if (fingerprint() !== begun) throw new Error('a source changed meanwhile')
  if (!isSame(made, files)) replace(made, files)
  forgetOlder(made, now)
}

type Files = ReadonlyMap<string, string>

const isSame = (bundle: string, files: Files) =>
  isWhole(bundle) && [...files].every(([name, text]) => readFileSync(join(bundle, name), 'latin1') === text)

/** Whoever begins meanwhile finds all of one or of the other, or for a moment none. */
function replace(made: string, files: Files) {
  const building = `${made}.${process.pid}`
  const away = `${building}.old`
  try {
    mkdirSync(building, { recursive: true })
    // On the disk before it has its name: after a power cut a bundle is whole, or not there.
    for (const [name, text] of files) writeFileSync(join(building, name), text, { flush: true })
    const hadOne = moved(made, away)
    try {
      renameSync(building, made)
    } catch (error) {
      // Another process was first: it made the same, to the byte.
      if (isWhole(made)) return
      if (hadOne) renameSync(away, made)
      throw error
    }
  } finally {
    remove(building)
    remove(away)
  }
}

/** Answers whether there was anything to move. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (Object(error).code === 'ENOENT') return false
    throw error
  }
}

/** What cannot be removed (it is another user's, say) takes room, and nobody looks at it: nothing fails for it. */
function remove(path: string) {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // The next one who makes a bundle tries again.
  }
}

/** The files by their names, and the list of them. */
async function bundled(outdir: string, schemaHash: string): Promise<Files> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: ['cli.ts', 'background-thread.ts', 'rebuild-thread.ts'].map((entry) => join(sources, entry)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // These bring machine code along, and find it from where they lie.
    external: ['better-sqlite3', 'esbuild', ...neverNeeded],
    // Packages of the older kind ask for Node's own modules with "require".
    banner: {
      js: `const require = process.getBuiltinModule('node:module').createRequire(${JSON.stringify(join(sources, 'cli.ts'))})`,
    },
    plugins: [asInTheSources(schemaHash)],
    tsconfigRaw: {},
    logLevel: 'silent',
    write: false,
    // Names of files come from what is in them, and that would have paths seen from elsewhere.
    absWorkingDir: project,
  })
  const files = outputFiles.map(({ path, text }) => [basename(path), inAscii(text)] as const)
  const list = files.map(([name, text]) => `${text.length} ${name}\n`).join('')
  return new Map([...files, [listName, list]])
}

/** What Fastify would load for schemas, of which no route has any, and for tests. */
const neverNeeded = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request']

/** What stands in patterns, which esbuild leaves as it is: Node reads a file of ASCII in half the time. */
const inAscii = (text: string) =>
  text.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A thread of ours, or what else a module asks of where it is. */
const whereItIs = /new URL\('(?:\.\/)?([\w-]+-thread)\.ts', import\.meta\.url\)|import\.meta\.(url|dirname)/g

/**
 * Modules ask where they are to find what lies beside them: the threads are bundled, too, and everything else is where the
 * sources are. What `known.ts` says is known now.
 */
const asInTheSources = (schemaHash: string): Plugin => ({
  name: 'as in the sources',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (relative(sources, path) === 'known.ts')
        return { contents: `export const knownSchemaHash = ${JSON.stringify(schemaHash)}` }
      const places = { url: pathToFileURL(path).href, dirname: dirname(path) }
      const contents = readFileSync(path, 'utf8').replaceAll(
        whereItIs,
        (all, thread?: string, place?: string) =>
          thread ? all.replace('.ts', '.mjs') : JSON.stringify(Object(places)[`${place}`]),
      )
      return { contents, loader: 'ts' }
    })
  },
})

/** What somebody who was killed left behind goes, too, when it is an hour old. Nothing fails for it. */
function forgetOlder(made: string, now: number) {
  const others = readdirSync(bundles)
    .map((name) => ({ path: join(bundles, name), isBundle: /^[0-9a-f]{32}$/.test(name) }))
    .filter(({ path }) => path !== made)
    .map((one) => ({ ...one, time: statSync(one.path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.time - one.time)
  const old = others.filter(({ isBundle }) => isBundle).slice(kept)
  const left = others.filter(({ isBundle, time }) => !isBundle && time < now - 3_600_000)
  for (const { path } of [...old, ...left]) remove(path)
}
