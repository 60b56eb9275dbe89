import { createHash } from 'node:crypto'
import {
  existsSync,
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
import type { Plugin } from 'esbuild'

/*
 * The bundle: all modules in a few files, which a start loads in half the time that hundreds of them take. It is disposable,
 * as the cache is: its name says which sources it was made from, and a start that finds none of that name runs the sources.
 * See docs/decisions/0024-a-bundle-that-fits-or-is-not-used.md.
 */

const project = resolve(import.meta.dirname, '..')
const sources = join(project, 'src')
const bundles = join(project, '.bundles')

/** Beside the one just made: for versions that still run from theirs. */
const kept = 2

/** Everything the bundle is made from, and made for. */
function fingerprint(): string {
  const hash = createHash('sha256').update(`${process.version}\n${project}\n`)
  const names = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const path of [...names.sort(), join(project, 'package-lock.json')]) {
    const content = readFileSync(path)
    hash.update(`${path} ${content.length}\n`).update(content)
  }
  return hash.digest('hex').slice(0, 32)
}

/** The program in the bundle made from just these sources, as a URL; undefined when there is none. */
export function bundledProgram(): string | undefined {
  const program = join(bundles, fingerprint(), 'cli.mjs')
  return existsSync(program) ? pathToFileURL(program).href : undefined
}

/**
 * Makes the bundle of these sources, which project with this schema hash, unless it is there. Throws when it cannot be written,
 * or a source changed meanwhile; nothing is left of it then.
 */
export async function makeBundle(schemaHash: string): Promise<void> {
  const name = fingerprint()
  const made = join(bundles, name)
  if (existsSync(made)) return
  const { build } = await import('esbuild')
  const building = `${made}.${process.pid}`
  try {
    const { outputFiles } = await build({
      entryPoints: ['cli.ts', 'background-thread.ts', 'rebuild-thread.ts'].map((entry) =>
        join(sources, entry),
      ),
      outdir: building,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      // These bring machine code along, and find it from where they lie.
      external: ['better-sqlite3', 'esbuild'],
      // Packages of the older kind ask for Node's own modules with "require".
      banner: {
        js: `const require = process.getBuiltinModule('node:module').createRequire(${JSON.stringify(join(sources, 'cli.ts'))})`,
      },
      minifyWhitespace: true,
      plugins: [asInTheSources(schemaHash)],
      tsconfigRaw: {},
      logLevel: 'silent',
      write: false,
    })
    mkdirSync(building, { recursive: true })
    // On the disk before it has its name: after a power cut a bundle is whole, or not there.
    for (const { path, contents } of outputFiles) writeFileSync(path, contents, { flush: true })
    if (fingerprint() !== name) throw new Error('A source changed while the bundle was made.')
    renameSync(building, made)
  } catch (error) {
    rmSync(building, { recursive: true, force: true })
    // Another process may have been first.
    if (existsSync(made)) return
    throw error
  }
  forgetOlder(made)
}

/** So that the next one is made anew: the packages may be others under the same lockfile. */
export function forgetBundle(): void {
  rmSync(join(bundles, fingerprint()), { recursive: true, force: true })
}

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

function forgetOlder(made: string) {
  const others = readdirSync(bundles)
    .map((name) => join(bundles, name))
    .filter((path) => path !== made)
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((one, other) => other.time - one.time)
  for (const { path } of others.slice(kept)) rmSync(path, { recursive: true, force: true })
}
