import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { stopwatch } from '../kernel/stamp.ts'
import { askServer } from '../ledger/control.ts'

/** How long a site that only has to catch up may take, in seconds. */
const patience = 60

/** Restarts the site by this command of a shell, and resolves when the version of this schema is ready. */
export async function restartSite(
  config: Config,
  schemaHash: string,
  command: string,
  seconds = patience,
): Promise<void> {
  await runInShell(command)
  const elapsed = stopwatch()
  while (!(await isServed(config, schemaHash))) {
    if (elapsed() > seconds)
      throw new Error(
        `${seconds} seconds after the restart this version is not ready at ${readyAddress(config)}.`,
      )
    await pause(50)
  }
}

/** What the command says is for the person: a script reads the report from standard output. */
function runInShell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', process.stderr.fd, process.stderr.fd] })
    child.once('error', reject).once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`The restart command ended with ${code ?? signal}: ${command}`))
    })
  })
}

const everywhere = ['0.0.0.0', '::']

function readyAddress({ host, port }: Config) {
  const name = everywhere.includes(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`
}

/** A restart may return before the version before has ended, so whoever is ready is asked which one it is, too. */
async function isServed(config: Config, schemaHash: string): Promise<boolean> {
  try {
    const { status } = await fetch(readyAddress(config), { signal: AbortSignal.timeout(2000) })
    if (status !== 200) return false
    const answered = await askServer(config.cacheDir, { name: 'schema', input: {} }, undefined, 2000)
    // Who only reads cannot be asked.
    return answered === undefined || answered.result === schemaHash
  } catch {
    // Nobody listens yet, or the version before does, which is about to end: whoever waits asks again.
    return false
  }
}
