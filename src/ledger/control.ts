import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Refusal, type RefusalReason } from '../kernel/refusal.ts'

/*
 * How a command line reaches the running server: one line of JSON there, any number of lines back, the last of which is
 * the answer. It carries a command's name and raw input, never events: the server asks its own permission.
 */

export interface Request {
  readonly name: string
  readonly input: unknown
}

/** `signal` aborts when whoever asked is gone, or the server ends. */
export type Handler = (
  request: Request,
  onProgress: (progress: unknown) => void,
  signal: AbortSignal,
) => Promise<unknown>

type Line =
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | {
      readonly refusal: { reason: RefusalReason; sentence: string; fields: Readonly<Record<string, string>> }
    }
  | { readonly defect: string }

/** Where the socket of this cache folder is: in it, or in the temporary folder when that path would be too long. */
export function controlPath(cache: string): string {
  const near = join(cache, 'control.sock')
  if (Buffer.byteLength(near) <= 100) return near
  const name = createHash('sha256').update(cache).digest('hex').slice(0, 16)
  return join(tmpdir(), `thywill-${name}`, 'control.sock')
}

/**
 * Listens for the command line. Only the holder of the archive's lock may call this: it removes a socket that was left.
 * `close` ends what can be ended, and waits for the rest.
 */
export async function serveControl(cache: string, handle: Handler): Promise<{ close(): Promise<void> }> {
  const path = controlPath(cache)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  requireOwn(dirname(path))
  chmodSync(dirname(path), 0o700)
  rmSync(path, { force: true })
  const conversations = new Set<Conversation>()
  const server = createServer((socket) => {
    const conversation: Conversation = { socket, isIdle: true, ending: new AbortController() }
    conversations.add(conversation)
    socket.once('close', () => {
      conversations.delete(conversation)
      conversation.ending.abort(new Error('Nobody waits for it any more.'))
    })
    void converse(conversation, handle)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const { socket, isIdle, ending } of conversations) {
          ending.abort(new Error('The site is stopping.'))
          if (isIdle) socket.destroy()
        }
      }),
  }
}

interface Conversation {
  readonly socket: Socket
  /** Nothing was asked yet. */
  isIdle: boolean
  readonly ending: AbortController
}

/** A server that holds its socket and says nothing. */
export class Silent extends Error {}

/**
 * Asks the running server; `undefined` when none is running. Throws the Refusal that it answered, and Silent when it says
 * nothing for so many milliseconds.
 */
export async function askServer(
  cache: string,
  request: Request,
  onProgress: (progress: unknown) => void = () => {},
  patience = 0,
): Promise<{ readonly result: unknown } | undefined> {
  const path = controlPath(cache)
  if (!existsSync(path)) return undefined
  requireOwn(dirname(path))
  const socket = await connect(path)
  if (!socket) return undefined
  let isSilent = false
  const lines = createInterface({ input: socket })
  socket.setTimeout(patience, () => {
    isSilent = true
    lines.close()
  })
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    for await (const text of lines) {
      const line = JSON.parse(text) as Line // Only a server of our own user can be at the other end.
      if ('progress' in line) onProgress(line.progress)
      else if ('result' in line) return { result: line.result }
      else if ('refusal' in line)
        throw new Refusal(line.refusal.reason, line.refusal.sentence, line.refusal.fields)
      else throw new Error(line.defect)
    }
  } finally {
    socket.destroy()
  }
  if (isSilent) throw new Silent(`The site runs, and says nothing for ${patience / 1000} seconds.`)
  throw new Error('The server ended before it answered: look whether it was done before you try again.')
}

function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // A server that was killed leaves its socket behind.
      error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? resolve(undefined) : reject(error),
    )
  })
}

async function converse(conversation: Conversation, handle: Handler) {
  const { socket, ending } = conversation
  const say = (line: Line) => socket.writable && socket.write(`${JSON.stringify(line)}\n`)
  socket.on('error', () => socket.destroy())
  for await (const text of createInterface({ input: socket })) {
    conversation.isIdle = false
    try {
      const request = JSON.parse(text) as Request // The handler parses the input; the name is looked up.
      const result = await handle(request, (progress) => say({ progress }), ending.signal)
      say({ result: result ?? null })
    } catch (error) {
      if (error instanceof Refusal) {
        const { reason, message, fields } = error
        say({ refusal: { reason, sentence: message, fields } })
      } else say({ defect: error instanceof Error ? error.message : String(error) })
    }
    socket.end()
    return
  }
}

/** In the temporary folder anybody may have put something there first. */
function requireOwn(folder: string) {
  const { uid } = lstatSync(folder)
  if (process.getuid && uid !== process.getuid()) throw new Error(`${folder} belongs to somebody else`)
}
