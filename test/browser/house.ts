import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import type { Environment } from '../../src/config.ts'

/** The site as an operator runs it: `./thywill serve` in a process of its own, with folders of its own. */
export interface House {
  readonly url: string
  /** The link that the start printed. */
  readonly firstLink: string
  /** Runs `./thywill` beside the server, and reads its JSON. */
  thywill(...args: string[]): Promise<Record<string, unknown>>
  /** All segments of the archive, as anybody can read them. */
  archive(): string
  /** The headers of the archive's records of this kind. */
  records(kind: string): string[]
  /** Stops the server and starts it again, at the same address with the same folders. */
  restart(env?: Environment): Promise<void>
}

export async function openHouse(t: TestContext): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-browser-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const archiveDir = join(folder, 'archives')
  const settings = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    HOST: '127.0.0.1',
    PORT: String(port),
    BASE_URL: url,
    ARCHIVE_DIR: archiveDir,
    CACHE_DIR: join(folder, 'cache'),
    BACKUP_DIR: join(folder, 'backups'),
    SECRETS_DIR: join(folder, 'secrets'),
    TRUST_PROXY: '0',
    LOG_LEVEL: 'warn',
    ARCHIVE_READ_ONLY: 'false',
    RATE_LIMITS: 'off',
  }
  let server = await serve(settings)
  t.after(async () => {
    const defects = await server.stop()
    rmSync(folder, { recursive: true })
    assert.deepEqual(defects, [], 'the server has nothing to complain about')
  })

  const archive = () =>
    archiveFiles(realDisk, archiveDir)
      .segments.map(({ name }) => readFileSync(join(archiveDir, name), 'utf8'))
      .join('')
  return {
    url,
    get firstLink() {
      return server.firstLink()
    },
    archive,
    records: (kind) => archive().match(new RegExp(`^@.* ${kind}/.*$`, 'gm')) ?? [],
    async thywill(...args) {
      const { stdout } = await run(thywill, [...args, '--json'], { env: settings })
      return JSON.parse(stdout)
    },
    async restart(env) {
      assert.deepEqual(await server.stop(), [])
      server = await serve({ ...settings, ...env })
    },
  }
}

const thywill = resolve(import.meta.dirname, '../../thywill')
const run = promisify(execFile)

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  assert.ok(typeof address === 'object' && address)
  listener.close()
  await once(listener, 'close')
  return address.port
}

async function serve(env: Environment) {
  const server = spawn(thywill, ['serve'], { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const lines: string[] = []
  const reader = createInterface({ input: server.stdout })
  const isUp = new Promise<void>((resolve, reject) => {
    reader.on('line', (line) => {
      lines.push(line)
      if (line === `ThyWill is at ${env.BASE_URL}`) resolve()
    })
    ended.then(() => reject(new Error(`The server ended at its start:\n${lines.join('\n')}`)))
  })
  await isUp
  return {
    firstLink() {
      const link = lines.find((line) => line.startsWith(`${env.BASE_URL}/claim/`))
      assert.ok(link, 'the start printed a first link')
      return link
    },
    /** Ends it well, and gives the errors of its log. */
    async stop() {
      server.kill('SIGTERM')
      const [code] = await ended
      assert.equal(code, 0, 'the server ends well')
      return lines.filter((line) => line.startsWith('{') && JSON.parse(line).level >= 50)
    },
  }
}
