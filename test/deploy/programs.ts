import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

export const project = resolve(import.meta.dirname, '../..')

/** What the programs of an operator are found by; some are where only root looks. */
const path = [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter)

export const isHere = (program: string) =>
  path.split(delimiter).some((folder) => existsSync(join(folder, program)))

/** Whether all are on this machine; when not, the report of the tests says which checks were left to the text alone. */
export function areHere(test: TestContext, ...programs: string[]): boolean {
  const missing = programs.filter((program) => !isHere(program))
  if (missing.length > 0) test.diagnostic(`${missing.join(' and ')}: not here, so only our text was checked`)
  return missing.length === 0
}

/** Runs to the end: its exit code, and what it said. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const environment = { ...process.env, PATH: path, ...env }
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env: environment })
  if (error) throw error
  return { status, said: stdout + stderr }
}

export interface Running {
  /** All that it said so far. */
  said(): string
  isRunning(): boolean
  /** Ends it; its exit code. */
  end(): Promise<number | null>
}

/** Runs until the test ends it, at the latest when the test is over. */
export function start(
  test: TestContext,
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Running {
  const { env = {}, ...rest } = options
  const child = spawn(program, args, {
    ...rest,
    env: { PATH: path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text
    })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const end = () => {
    if (isRunning(child)) child.kill('SIGTERM')
    return ended
  }
  test.after(end)
  return { said: () => said, isRunning: () => isRunning(child), end }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

/** A folder that is gone after the test. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-deploy-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A port of this machine that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** Asks again until it is so, for a minute. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await isSo()) return
    await sleep(50)
  }
  throw new Error(`It never came: ${what}`)
}
