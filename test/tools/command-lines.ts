import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/*
 * One process that runs many command lines, one after the other, each as `./thywill` would: four fifths of what a command line
 * takes is loading the program. For those that end by themselves and start nothing.
 */

export interface CommandLine {
  readonly args: readonly string[]
  /** Beside what the environment says already. */
  readonly env: Readonly<Record<string, string>>
}

export interface Said {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Begins that process. `end` it when all are done. */
export function commandLines(): { run(line: CommandLine): Promise<Said>; end(): void } {
  const child = fork(fileURLToPath(import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = once(child, 'exit').then(() => {
    throw new Error('the process that runs command lines has ended')
  })
  // Whoever waits for an answer hears of it; at the end nobody does.
  gone.catch(() => undefined)
  return {
    async run(line) {
      child.send(line)
      const [said] = await Promise.race([once(child, 'message'), gone])
      return said as Said
    },
    end: () => void child.kill(),
  }
}

let lines = 0

async function runs({ args, env }: CommandLine): Promise<Said> {
  const usual = { ...process.env }
  const streams = ['stdout', 'stderr'] as const
  const said = { stdout: '', stderr: '' }
  const writes = streams.map((name) => process[name].write)
  for (const name of streams)
    process[name].write = (text: string | Uint8Array) => {
      said[name] += text
      return true
    }
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args)
  Object.assign(process.env, env)
  process.exitCode = 0
  try {
    // Another address is another program to Node; what it imports is loaded once.
    await import(`../../src/cli.ts?${lines++}`)
    return { status: Number(process.exitCode), ...said }
  } finally {
    process.exitCode = 0
    for (const [place, name] of streams.entries()) process[name].write = writes[place] ?? process[name].write
    for (const name in process.env) if (!(name in usual)) delete process.env[name]
    Object.assign(process.env, usual)
  }
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url))
  process.on('message', async (line: CommandLine) => process.send?.(await runs(line)))
