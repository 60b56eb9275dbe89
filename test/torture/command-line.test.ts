import assert from 'node:assert/strict'
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { command, type Home, home, inviteTo, memberAt, serve, undoing, visitorAt } from '../tools/site.ts'

async function running(t: TestContext) {
  const atEnd = undoing(t)
  const here = await home()
  atEnd(() => here.remove())
  const site = await serve(here)
  atEnd(() => site.kill())
  return { here, site, atEnd }
}

test('what the command line writes while the site runs is there in the browser at once', async (t) => {
  const { here, site } = await running(t)
  const ruth = await memberAt(here, site.firstLink ?? '', 'Ruth')
  const invite = await inviteTo(here)
  assert.equal((await visitorAt(here).get(invite)).status, 200, 'the invite opens')
  const daniel = await memberAt(here, invite, 'Daniel')
  const again = await visitorAt(here).post(invite, { name: 'Somebody else' })
  assert.equal(again.status, 410)

  const link = new URL((await json(here, 'login-link', 'Daniel', '--json')).url ?? '').pathname
  const elsewhere = visitorAt(here)
  assert.equal((await elsewhere.post(link, {})).status, 303)
  assert.match((await elsewhere.get('/')).body, /Daniel/)

  assert.equal((await command(here, 'admin', 'grant', 'Daniel')).code, 0)
  assert.equal((await command(here, 'admin', 'revoke', 'Ruth')).code, 0)
  const posted = await daniel.post('/prayers', { request: 'For rain.', key: 'rain' })
  assert.equal(posted.status, 303)
  assert.equal((await command(here, 'rebuild')).code, 0)
  assert.equal((await ruth.get(posted.location)).status, 200, 'also after a rebuild')
  assert.equal(site.hasEnded(), false)
})

test('a second site at the same archive shows what the first one saves within a second, and saves nothing', async (t) => {
  const { here, site, atEnd } = await running(t)
  const ruth = await memberAt(here, site.firstLink ?? '', 'Ruth')
  const beside = await home({ archive: here.archive })
  atEnd(() => beside.remove())
  const second = await serve(beside)
  atEnd(() => second.kill())
  assert.match(second.output(), /READ-ONLY: Another process writes this archive/)
  assert.equal(second.firstLink, undefined)

  const link = new URL((await json(here, 'login-link', 'Ruth', '--json')).url ?? '').pathname
  const answer = await within(1000, async () => {
    const page = await visitorAt(beside).get(link)
    return page.status === 200 ? page : undefined
  })
  assert.match(answer.body, /Ruth/)
  const refused = await visitorAt(beside).post(link, {})
  assert.equal(refused.status, 503)
  assert.match(refused.body, /That did not save/)
  assert.equal((await ruth.post('/prayers', { request: 'For rain.', key: 'rain' })).status, 303)
})

test('a site that was killed leaves its lock and its socket to the next one', async (t) => {
  const { here, site, atEnd } = await running(t)
  await memberAt(here, site.firstLink ?? '', 'Ruth')
  await site.kill()
  const { url } = await json(here, 'invite', '--json')
  const next = await serve(here)
  atEnd(() => next.kill())
  assert.doesNotMatch(next.output(), /READ-ONLY/)
  await memberAt(here, new URL(url ?? '').pathname, 'Daniel')
  await inviteTo(here)
  await next.stop()
  const status = await json(here, 'status', '--json')
  assert.equal(status.server?.running, false)
  assert.equal(status.archive?.healthy, true)
})

test('pages of the cache that are damaged are named by verify, and a running site makes a new cache by itself', async (t) => {
  const { here, site } = await running(t)
  const ruth = await memberAt(here, site.firstLink ?? '', 'Ruth')
  const { location } = await ruth.post('/prayers', { request: 'For rain.', key: 'rain' })
  assert.equal((await command(here, 'rebuild')).code, 0)
  damageMembers(here)
  const damaged = await command(here, 'verify', '--deep', '--json')
  assert.equal(damaged.code, 1)
  assert.match(damaged.output, /The file of the cache is damaged: .*(malformed|error code 11)/)
  // Whatever is written has the site read its pages again.
  await inviteTo(here)
  const meanwhile = await ruth.get(location)
  assert.equal(meanwhile.status, 503)
  assert.match(meanwhile.body, /One moment: the site is getting ready/)
  const page = await within(30_000, async () => {
    const page = await ruth.get(location)
    return page.status === 200 ? page : undefined
  })
  assert.match(page.body, /For rain\./)
  assert.equal((await command(here, 'verify', '--deep')).code, 0)
  assert.ok(
    readdirSync(here.cache).some((name) => name.endsWith('.damaged')),
    'the damaged one is kept',
  )
  assert.equal((await json(here, 'status', '--json')).archive?.healthy, true)
})

function damageMembers({ cache }: Home) {
  const pointer = readdirSync(cache).find((name) => name.startsWith('CURRENT-')) ?? ''
  const path = join(cache, readFileSync(join(cache, pointer), 'utf8').trim())
  const sqlite = new Database(path, { readonly: true })
  const pages = sqlite.prepare("select rootpage from sqlite_master where tbl_name = 'members'").pluck().all()
  const size = sqlite.pragma('page_size', { simple: true }) as number
  sqlite.close()
  const file = openSync(path, 'r+')
  for (const page of pages as number[]) writeSync(file, Buffer.alloc(size, 7), 0, size, (page - 1) * size)
  closeSync(file)
}

interface Said {
  readonly url?: string
  readonly server?: { readonly running: boolean }
  readonly archive?: { readonly healthy: boolean }
}

async function json(here: Home, ...args: string[]): Promise<Said> {
  const { code, output } = await command(here, ...args)
  assert.equal(code, 0, output)
  return JSON.parse(output) as Said
}

async function within<Result>(
  milliseconds: number,
  look: () => Promise<Result | undefined>,
): Promise<Result> {
  const until = performance.now() + milliseconds
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    assert.ok(performance.now() < until, `within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}
