import Fastify from 'fastify'
import { environment, readConfig } from '../../src/config.ts'
import { feedNames } from '../../src/queries/feeds/kinds.ts'
import { startServer } from '../../src/server.ts'
import { cookieOfMostFaithful } from './signed-in.ts'

/* The real server, and beside it in the same process a bare Fastify that sends the same bytes for each of these pages. */

export interface PrayingPages {
  /** What each is called, and where it is; for a search, one after the other. */
  readonly pages: Readonly<Record<string, readonly string[]>>
  readonly bare: Readonly<Record<string, string>>
  readonly cookie: string
  readonly prayers: number
  readonly marks: number
}

const server = await startServer({ ...readConfig(environment()), port: 0 })
await server.nightly?.close()
const { sqlite } = server.ledger.cache()
const only = (query: string) => sqlite.prepare(query).pluck().get()
const cookie = await cookieOfMostFaithful(server)

const paths = {
  ...Object.fromEntries(feedNames.map((name) => [`the feed "${name}"`, [`/feed?tab=${name}`]])),
  'the second page of "new"': [await nextOf('/feed')],
  'the second page of "waiting"': [await nextOf('/feed?tab=waiting')],
  'a search': wordsToFind().map((word) => `/search?q=${encodeURIComponent(word)}`),
  'a request': [
    `/prayers/${only("select prayer from prayer_counts join prayers on id = prayer where sees = 'everyone' and state = 'open' order by people desc")}`,
  ],
  'the order of a prayer time': ['/pray/begin?requests=10'],
  'a step of prayer time': [
    await answered('/pray/begin?requests=10', (reply) => reply.headers.get('location')),
  ],
  'the answered page': ['/answered'],
}

const app = Fastify()
const bare: Record<string, string> = {}
for (const [name, [path = '']] of Object.entries(paths)) {
  const reply = await fetch(`${server.url}${path}`, { headers: { cookie }, redirect: 'manual' })
  if (reply.status >= 400) throw new Error(`${path} answers ${reply.status}`)
  const body = await reply.text()
  const at = `/${Object.keys(bare).length}`
  app.get(at, (_request, reply) => reply.type('text/html; charset=utf-8').send(body))
  bare[name] = at
}
const bareUrl = await app.listen({ host: '127.0.0.1', port: 0 })
process.once('disconnect', async () => {
  await Promise.all([server.close(), app.close()])
})
process.send?.({
  pages: Object.fromEntries(
    Object.entries(paths).map(([name, all]) => [name, all.map((path) => `${server.url}${path}`)]),
  ),
  bare: Object.fromEntries(Object.entries(bare).map(([name, path]) => [name, `${bareUrl}${path}`])),
  cookie,
  prayers: only('select count(*) from prayers') as number,
  marks: only('select count(*) from marks') as number,
} satisfies PrayingPages)

async function answered(path: string, read: (reply: Response) => string | null | undefined): Promise<string> {
  const found = read(await fetch(`${server.url}${path}`, { headers: { cookie }, redirect: 'manual' }))
  if (!found) throw new Error(`${path} leads nowhere`)
  return found
}

async function nextOf(path: string): Promise<string> {
  const page = await fetch(`${server.url}${path}`, { headers: { cookie } })
  const [, next] = /<a href="([^"]*)" rel="next">/.exec(await page.text()) ?? []
  if (next === undefined) throw new Error(`${path} has only one page`)
  return next.replaceAll('&amp;', '&')
}

/** Words that somebody wrote, and beginnings of them: every third is one of three letters. */
function wordsToFind(): string[] {
  const texts = sqlite
    .prepare(
      "select request from prayers where sees = 'everyone' and sequence % 7 = 0 order by sequence limit 300",
    )
    .pluck()
    .all() as string[]
  return texts.flatMap((text, at) => {
    const words = text.match(/\p{L}{3,}/gu) ?? []
    const word = words[at % words.length]
    return word === undefined ? [] : [at % 3 === 0 ? word.slice(0, 3) : word]
  })
}
