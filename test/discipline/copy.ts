import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const project = resolve(import.meta.dirname, '../..')

/** A copy of the program in a folder of its own, for a test that changes it as a developer would. */
export interface Copy {
  readonly folder: string
  /** Replaces each piece of text by another one; it has to stand there once. */
  change(file: string, ...changes: readonly (readonly [from: string, to: string])[]): void
  /** The same, wherever it stands. */
  changeAll(file: string, from: string, to: string): void
  append(file: string, text: string): void
  /** Runs a script of `package.json`. */
  npm(script: string): Ran
  /** Runs one test file, or those of its tests whose names match. */
  test(file: string, names?: string): Ran
  remove(): void
}

export interface Ran {
  readonly isWell: boolean
  readonly said: string
}

export function copyOfCode(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-code-'))
  for (const name of [
    'src',
    'test',
    'views',
    'public',
    'package.json',
    'CHANGELOG.md',
    'tsconfig.json',
    'drizzle.config.ts',
    'thywill',
  ])
    cpSync(join(project, name), join(folder, name), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))

  const run = (program: string, ...args: readonly string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      // Otherwise a test inside a test tells its results to the outer one.
      env: {
        ...process.env,
        NODE_TEST_CONTEXT: undefined,
        PATH: `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`,
      },
    })
    return { isWell: status === 0, said: stdout + stderr }
  }
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  return {
    folder,
    change(file, ...changes) {
      const path = join(folder, file)
      let text = readFileSync(path, 'utf8')
      for (const [from, to] of changes) {
        assert.equal(text.split(from).length, 2, `${file} has this once: ${from}`)
        text = text.replace(from, () => to)
      }
      writeFileSync(path, text)
    },
    changeAll(file, from, to) {
      const path = join(folder, file)
      const text = readFileSync(path, 'utf8')
      assert.ok(text.includes(from), `${file} has this: ${from}`)
      writeFileSync(
        path,
        text.replaceAll(from, () => to),
      )
    },
    append(file, text) {
      const path = join(folder, file)
      writeFileSync(path, readFileSync(path, 'utf8') + text)
    },
    npm: (script) => run('sh', '-c', scripts[script]),
    test: (file, names) =>
      run(
        process.execPath,
        ...['--import', './src/preload.ts', '--test', '--test-reporter=spec'],
        ...(names === undefined ? [] : [`--test-name-pattern=${names}`]),
        file,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
