import crypto from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'

/*
 * What the program does that takes time and could depend on what is there: what it asks SQLite, and what it hashes, seals or
 * opens. A clock would measure the machine; this is the same on each.
 */

let seen: string[] | undefined
const note = (what: string) => void seen?.push(what)

type Anything = Record<string, (...given: unknown[]) => unknown>

/** Has each of these methods noted, too. */
function notes(of: object, names: readonly string[], what: (self: unknown, name: string) => string) {
  // Only what is called by these names is touched, and it does what it did before.
  const methods = of as Anything
  for (const name of names) {
    const before = methods[name]
    if (before === undefined) throw new Error(`there is no ${name}`)
    methods[name] = function noted(this: unknown, ...given) {
      note(what(this, name))
      return Reflect.apply(before, this, given)
    }
  }
}

const statement = new Database(':memory:').prepare('select 1')
notes(Object.getPrototypeOf(statement), ['get', 'all', 'run', 'iterate'], (self) =>
  (self as Database.Statement).source.replace(/\s+/g, ' '),
)
notes(
  crypto,
  ['hash', 'createHash', 'createHmac', 'createCipheriv', 'createDecipheriv'],
  (_self, name) => name,
)
syncBuiltinESMExports()

export interface Work {
  /** Until the route has answered. */
  readonly before: readonly string[]
  /** All of it, what follows the answer included. */
  readonly all: readonly string[]
}

/** All that is done while somebody asks for something, and until `settled`. */
export async function workOf(ask: () => Promise<unknown>, settled: () => Promise<unknown>): Promise<Work> {
  const all: string[] = []
  let answered: number | undefined
  const answers = () => {
    answered ??= all.length
  }
  seen = all
  subscribe('tracing:fastify.request.handler:end', answers)
  try {
    await ask()
    await settled()
    return { before: all.slice(0, answered), all }
  } finally {
    unsubscribe('tracing:fastify.request.handler:end', answers)
    seen = undefined
  }
}
