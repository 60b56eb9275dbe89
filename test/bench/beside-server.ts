import { Worker } from 'node:worker_threads'
import { environment, readConfig } from '../../src/config.ts'
import { performAsOperator } from '../../src/operator.ts'
import { startServer } from '../../src/server.ts'

/*
 * The real server, which makes a new cache when it is asked to, or has another thread hash all the time: what any work on
 * the other core costs those who read.
 */

export interface Besides {
  readonly url: string
  readonly cookie: string
}

export type Wish = 'rebuild' | 'hash' | 'rest'

export interface Granted {
  readonly seconds: number
  readonly pausedMilliseconds: number
}

const server = await startServer({ ...readConfig(environment()), port: 0 })
await server.nightly?.close()
const { ledger, url } = server
const name = ledger.cache().sqlite.prepare('select name from members limit 1').pluck().get() as string
const { token } = await performAsOperator(ledger.record, 'issueLoginLink', { name })
const reply = await fetch(`${url}/sign-in/${token}`, { method: 'POST', redirect: 'manual' })
const [cookie = ''] = reply.headers.getSetCookie().flatMap((set) => set.split(';', 1))

let hashing: Worker | undefined
process.on('message', async (wish: Wish) => {
  if (wish === 'hash') hashing = new Worker(hashes, { eval: true })
  if (wish === 'rest') await hashing?.terminate()
  const { seconds = 0, pausedSeconds = 0 } = wish === 'rebuild' ? await ledger.rebuild() : {}
  process.send?.({ seconds, pausedMilliseconds: pausedSeconds * 1000 } satisfies Granted)
})
process.once('disconnect', () => server.close())
process.send?.({ url, cookie } satisfies Besides)

const hashes = `
  const { hash } = require('node:crypto')
  const bytes = Buffer.alloc(4096)
  for (;;) hash('sha256', bytes)
`
