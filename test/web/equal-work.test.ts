import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { postPrayer } from '../../src/commands/prayers.ts'
import { memberByName } from '../../src/queries/members.ts'
import { workOf } from '../tools/work.ts'
import { type Browser, place } from './browser.ts'

/*
 * Answers take equal time whether or not somebody is called so, or is to be seen: the work for them is the same, query by
 * query and hash by hash. What follows the answer may differ, and does.
 */

/** Long enough for what follows an answer. */
const aWhile = () => new Promise((wake) => setTimeout(wake, 50))

async function scene(t: TestContext) {
  const outbox = { send: () => {}, close: async () => {} }
  const there = await place(t, { env: { RATE_LIMITS: 'off' }, site: () => ({ outbox }) })
  const { here, comes, browser } = there
  await here.namesKey()
  const [ruth, ann] = [await comes('Ruth'), await comes('Ann')]
  const idOf = (name: string) => memberByName(here.ledger.cache(), name)?.id ?? assert.fail(name)
  await ruth.post(`/people/${idOf('Ann')}/apart`, {})
  await ruth.get('/')
  /** What is done the second time: the first fills what the site keeps in memory, for everybody alike. */
  const work = async (ask: () => Promise<unknown>) => {
    await ask()
    await aWhile()
    return workOf(ask, aWhile)
  }
  const stranger = (url: string, fields: Record<string, string>) => work(() => browser().post(url, fields))
  const reads = (who: Browser, url: string) => work(() => who.get(url))
  return { ...there, ruth, ann, idOf, work, stranger, reads }
}

test('at the door, by mail and for an application every name is the same work until the answer is out', async (t) => {
  const { stranger } = await scene(t)
  const askings = {
    '/sign-in/door': (called: string) => ({ called }),
    '/sign-in/mail': (who: string) => ({ who }),
    '/apply': (name: string) => ({ name, why: 'I know some of you.', contact: 'me@example.org' }),
  }
  for (const [url, form] of Object.entries(askings)) {
    const known = await stranger(url, form('Ruth'))
    const unknown = await stranger(url, form('Zoe'))
    assert.deepEqual(known.before, unknown.before, url)
    assert.ok(unknown.all.length > unknown.before.length, `${url}: what follows was seen, too`)
    if (url === '/sign-in/door') assert.ok(known.all.length > unknown.all.length, 'and there it differs')
    if (url === '/apply') assert.deepEqual(known.all, unknown.all)
  }
})

test('what one may not see is missed by the same work as what is not there', async (t) => {
  const { here, ruth, ann, idOf, reads, work } = await scene(t)
  const reader = here.heldBy(ann.cookies.get('thywill') ?? '') ?? assert.fail('nobody')
  const { prayer } = await here.does(reader, postPrayer, { request: 'For me.', sees: 'me' })
  const requests = [await reads(ruth, `/prayers/${prayer}`), await reads(ruth, '/prayers/p_0000000000000000')]
  assert.deepEqual(requests[0]?.all, requests[1]?.all)
  const people = [
    await reads(ruth, `/people/${idOf('Ann')}`),
    await reads(ruth, '/people/m_0000000000000000'),
  ]
  assert.deepEqual(people[0]?.all, people[1]?.all)
  const names = [
    await work(() => ann.post('/me/apart', { name: 'Ruth' })),
    await work(() => ann.post('/me/apart', { name: 'Zoe' })),
  ]
  assert.deepEqual(names[0]?.all, names[1]?.all)
  for (const { all } of [...requests, ...people, ...names]) assert.ok(all.length > 1, 'something was asked')
})
