import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/*
 * The real site in a process of its own, and people at it over HTTP: for what only real processes show.
 */

const thisCode = join(import.meta.dirname, '../../thywill')

/** Undoes things when a test ends, the last first: the runner would begin with the first. */
export function undoing(t: TestContext): (undo: () => unknown) => void {
  const undos: (() => unknown)[] = []
  t.after(async () => {
    for (const undo of undos.reverse()) await undo()
  })
  return (undo) => void undos.push(undo)
}

/** Where a site keeps its things, and where it listens. */
export interface Home {
  readonly folder: string
  readonly archive: string
  readonly cache: string
  readonly env: Readonly<Record<string, string>>
  readonly url: string
  /** Whose `thywill` runs there, when it is not this code's. */
  readonly program?: string
  remove(): void
}

/** Folders of its own and a free port. The archive or the cache may be elsewhere. */
export async function home(elsewhere: { archive?: string; cache?: string } = {}): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  const port = await freePort()
  const { archive = join(folder, 'archives'), cache = join(folder, 'cache') } = elsewhere
  return {
    folder,
    archive,
    cache,
    url: `http://127.0.0.1:${port}`,
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      ARCHIVE_DIR: archive,
      CACHE_DIR: cache,
      BACKUP_DIR: join(folder, 'backups'),
      SECRETS_DIR: join(folder, 'secrets'),
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

export interface RunningSite {
  readonly pid: number
  /** Everything it said so far. */
  output(): string
  /** The path of the link that makes the first admin. */
  readonly firstLink: string | undefined
  /** Whether it ended without being asked to. */
  hasEnded(): boolean
  /** As `kill -9` does. Resolves when the process is gone. */
  kill(): Promise<void>
  /** As an operator ends it. */
  stop(): Promise<void>
}

/** Starts a process, and does not wait until it serves. */
export function launch({ env, program = thisCode }: Home): RunningSite & { readonly serves: Promise<void> } {
  const child = spawn(program, ['serve'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await gone
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    get firstLink() {
      return /^http:\/\/\S+(\/claim\/\S+)$/m.exec(output)?.[1]
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    serves: said(child, () => output, 'ThyWill is at'),
  }
}

/** Starts the site and waits until it serves. */
export async function serve(home: Home): Promise<RunningSite> {
  const site = launch(home)
  await site.serves
  return site
}

async function said(child: ChildProcess, output: () => string, words: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => output().includes(words) && resolve())
    child.once('exit', (code, signal) => reject(new Error(`the site ended (${code ?? signal}): ${output()}`)))
  })
}

/** Runs a command of the command line. */
export function command(
  { env, program = thisCode }: Home,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', reject).once('close', (code) => resolve({ code, output }))
  })
}

export interface Answer {
  readonly status: number
  readonly location: string
  readonly body: string
}

/** One person's browser, as far as it matters here: it keeps cookies and follows nothing. */
export interface Visitor {
  get(path: string): Promise<Answer>
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>
}

/** Throws what the network says when nobody answers. */
export function visitorAt({ url }: Home): Visitor {
  const cookies = new Map<string, string>()
  async function send(path: string, init: RequestInit): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url + path, {
      ...init,
      redirect: 'manual',
      headers: { cookie, ...init.headers },
    })
    const body = await response.text()
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return { status: response.status, location: response.headers.get('location') ?? '', body }
  }
  return {
    get: (path) => send(path, {}),
    post: (path, form) => send(path, { method: 'POST', body: new URLSearchParams(form) }),
  }
}

/** Somebody who has come by this link. */
export async function memberAt(home: Home, link: string, name: string): Promise<Visitor> {
  const visitor = visitorAt(home)
  await visitor.get(link)
  const claimed = await visitor.post(link, { name })
  assert.equal(claimed.status, 303, claimed.body)
  return visitor
}

/** The path of a fresh invite's link. */
export async function inviteTo(home: Home, ...options: string[]): Promise<string> {
  const { code, output } = await command(home, 'invite', '--json', ...options)
  assert.equal(code, 0, output)
  return new URL((JSON.parse(output) as { url: string }).url).pathname
}
