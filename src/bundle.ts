import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OutputFile, Plugin } from 'esbuild'

/*
 * The bundle: all modules in a few files, which a start loads sooner than hundreds. It is disposable,
 * as the cache is: its name says which sources it was made from, and a start that finds none of that name runs the sources.
 * See docs/decisions/0024-a-bundle-that-fits-or-is-not-used.md.
 */

const project = resolve(import.meta.dirname, '..')
const sources = join(project, 'src')
const bundles = join(project, '.bundles')
const programName = 'cli.mjs'

/** What npm has really put there: it writes this at the end of each install. */
const packages = join(project, 'node_modules/.package-lock.json')

/** Beside the one just made: for versions that still run from theirs. */
const kept = 2

/** Of the sources before any of the program was loaded; undefined when some of them could not be read. */
let begun: string | undefined

/** Everything a bundle is made from, and made for. Throws when something cannot be read. */
function fingerprint(): string {
  const hash = createHash('sha256').update(`${process.version}\n${project}\n`)
  const names = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const path of [...names.sort(), packages]) {
    const content = readFileSync(path)
    hash.update(`${path} ${content.length}\n`).update(content)
  }
  return hash.digest('hex').slice(0, 32)
}

/**
 * The program in the bundle made from just these sources, as a URL; undefined when there is none, or nobody can tell because
 * something there cannot be read: whether it matters, loading the sources will say. Asked once, before the program is loaded.
 */
export function bundledProgram(): string | undefined {
  try {
    begun = fingerprint()
    const program = join(bundles, begun, programName)
    accessSync(program, constants.R_OK)
    return pathToFileURL(program).href
  } catch {
    return undefined
  }
}

/**
 * Makes the bundle of these sources, which project with this schema hash; one that is there stays whole until then. Only for a
 * program that runs from its sources. Throws when it cannot be made or written, or a source changed since the program was
 * begun: nothing is changed then.
 */
export async function makeBundle(schemaHash: string): Promise<void> {
  if (begun === undefined) throw new Error('not all of its sources and packages could be read')
  const made = join(bundles, begun)
  const building = `${made}.${process.pid}`
  try {
    const files = await bundled(building, schemaHash)
    if (fingerprint() !== begun) throw new Error('a source changed meanwhile')
    mkdirSync(building, { recursive: true })
    // On the disk before it has its name: after a power cut a bundle is whole, or not there.
    for (const { path, text } of files) writeFileSync(path, inAscii(text), { flush: true })
    takeAway(made)
    renameSync(building, made)
  } catch (error) {
    rmSync(building, { recursive: true, force: true })
    // Two made it at once: they are the same to the byte.
    if (Object(error).code !== 'ENOTEMPTY') throw error
  }
  forgetOlder(made)
}

async function bundled(outdir: string, schemaHash: string): Promise<readonly OutputFile[]> {
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
  })
  return outputFiles
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

/** Whoever begins meanwhile finds all of it or nothing. */
function takeAway(bundle: string) {
  const away = `${bundle}.${process.pid}.old`
  try {
    renameSync(bundle, away)
  } catch (error) {
    if (Object(error).code === 'ENOENT') return
    throw error
  }
  rmSync(away, { recursive: true, force: true })
}

/** What somebody who was killed left behind goes, too, when it is an hour old. */
function forgetOlder(made: string) {
  const hourAgo = statSync(made).mtimeMs - 3_600_000
  const others = readdirSync(bundles)
    .map((name) => ({ name, path: join(bundles, name) }))
    .filter(({ path }) => path !== made)
    .map((one) => ({ ...one, time: statSync(one.path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.time - one.time)
  const isWhole = ({ name }: { readonly name: string }) => /^[0-9a-f]{32}$/.test(name)
  for (const { path } of others.filter(isWhole).slice(kept)) takeAway(path)
  for (const one of others)
    if (!isWhole(one) && one.time < hourAgo) rmSync(one.path, { recursive: true, force: true })
}
