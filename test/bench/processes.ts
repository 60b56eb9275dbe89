import { type ChildProcess, execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify } from 'node:util'

type Variables = Readonly<Record<string, string>>

export const projectFolder = resolve(import.meta.dirname, '../..')

/** What `./thywill` prints when it has ended. Throws when it failed. */
export async function thywill(args: readonly string[], env: Variables): Promise<string> {
  const options = { cwd: projectFolder, env: { ...process.env, ...env } }
  return (await promisify(execFile)('./thywill', args, options)).stdout
}

/** A script of this folder in a process of its own, which has said its first word. */
export interface Started<Word> extends AsyncDisposable {
  readonly word: Word
}

/** Starts a script that says one thing (`process.send`) and then goes on until it is let go. */
export async function startScript<Word>(
  script: string,
  { args = [], env = {}, flags }: { args?: readonly string[]; env?: Variables; flags?: readonly string[] },
): Promise<Started<Word>> {
  const child = fork(resolve(import.meta.dirname, script), args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(flags && { execArgv: [...flags] }),
  })
  const [word] = await Promise.race([once(child, 'message'), died(child, script)])
  return {
    word: word as Word, // Each script and its benchmark know what it says.
    async [Symbol.asyncDispose]() {
      const isEnded = once(child, 'exit')
      if (child.connected) child.disconnect()
      await isEnded
    },
  }
}

/** What `./thywill … --json` answers, run in one fresh process, and the most memory that process ever had, in bytes. */
export async function weighed(
  args: readonly string[],
  env: Variables,
): Promise<{ answer: unknown; peak: number }> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, resolve(import.meta.dirname, 'weighed.ts'), ...args, '--json'],
    { cwd: projectFolder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] },
  )
  const [, answer, , peak] = child.stdio
  if (!answer || !peak) throw new Error('both pipes were asked for')
  return { answer: await json(answer), peak: Number(await json(peak as typeof answer)) }
}

async function died(child: ChildProcess, script: string): Promise<never> {
  const [code, signal] = await once(child, 'exit')
  throw new Error(`${script} ended with ${code ?? signal} before it said anything`)
}
