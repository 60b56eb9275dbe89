import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { openLedger } from '../../src/ledger/ledger.ts'
import { crowded } from '../browser/crowded.ts'
import { openings, parameters } from '../browser/openings.ts'
import { siteOf } from './browser.ts'
import { routesOf } from './routes.ts'

/*
 * The whole site, before and after its cache is thrown away: whatever anybody could read is there again, byte by byte. Time
 * stands still meanwhile.
 */

const people = ['visitor', 'member', 'author', 'moderator', 'admin'] as const
type Person = (typeof people)[number]

test('a site whose cache was deleted is the same for five people, on every page that leads anywhere', async (t) => {
  const { routes, built: there } = await routesOf(() => crowded(t))
  const { here, browsers } = there
  const begins = [...routes]
    .filter((route) => route.startsWith('GET '))
    .map((route) => route.slice(4).replace(/:(\w+)/g, (_all, name: string) => parameters(there)[name] ?? 'x'))
    .concat((await openings(there)).filter(({ sends }) => !sends).map(({ at }) => at))
    .filter((at) => !isOfThisProcess(at))
  const cookies = Object.fromEntries(
    people.map((who) => [
      who,
      [...browsers[who].cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ]),
  ) as Record<Person, string>

  const before = await crawled(there.app, begins, cookies)
  await here.ledger.close()
  for (const name of readdirSync(here.options.cache))
    if (/sqlite/.test(name)) rmSync(join(here.options.cache, name))
  const ledger = await openLedger(here.options)
  here.atEnd(() => ledger.close())
  const { app } = await siteOf(t, { ...here, ledger }, there.changes)
  const after = await crawled(app, begins, cookies)

  for (const [at, page] of before) assert.equal(after.get(at), page, at)
  assert.deepEqual([...after.keys()], [...before.keys()])
  for (const who of people) {
    const pages = [...before].filter(([at, page]) => at.startsWith(`${who} `) && page.startsWith('200'))
    t.diagnostic(`${who}: ${pages.length} pages`)
    assert.ok(pages.length >= (who === 'visitor' ? 15 : 60), `${who} opened ${pages.length} pages`)
  }
})

/**
 * What tells of this process, not of the community; the link of a letter, which is only ever in memory; and the page that
 * asks for four characters by lot.
 */
const isOfThisProcess = (at: string) =>
  /^\/(metrics|healthz|readyz|sign-in\/mail\/.*|admin\/recovery\/sheet)$|\/live$/.test(at)

/** What every page has afresh, so that a form that is sent twice is told from one that is filled in twice. */
const fresh = /(?<=name="key" value=")[\w-]{22}/g

/** What others leave of the disk of this machine, from one moment to the next. */
const room = /[\d.,]+ [kMGT]?B(?= are free)/g

/** What each person gets at each address, and at every address that these pages lead to. */
async function crawled(
  app: FastifyInstance,
  begins: readonly string[],
  cookies: Readonly<Record<Person, string>>,
): Promise<Map<string, string>> {
  const pages = new Map<string, string>()
  for (const who of people) {
    const open = [...begins]
    for (let at = open.shift(); at !== undefined; at = open.shift()) {
      if (pages.has(`${who} ${at}`) || isOfThisProcess(at)) continue
      const { statusCode, headers, body } = await app.inject({ url: at, headers: { cookie: cookies[who] } })
      pages.set(
        `${who} ${at}`,
        `${statusCode} ${headers['content-type']} ${headers.location}\n${body.replace(fresh, 'KEY').replace(room, 'ROOM')}`,
      )
      for (const [, href = ''] of body.matchAll(/<a\b[^>]*?\bhref="(\/[^"#]*)/g))
        open.push(href.replaceAll('&amp;', '&'))
    }
  }
  return pages
}
