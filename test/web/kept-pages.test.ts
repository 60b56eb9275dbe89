import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type Database from 'better-sqlite3'
import { place } from './browser.ts'

test('the newest page asks SQLite nothing while nothing is committed, whoever opens it again', async (t) => {
  const { here, comes } = await place(t)
  await here.namesKey()
  const [ruth, tom] = [await comes('Ruth'), await comes('Tom')]
  for (let day = 1; day <= 3; day++) await ruth.post('/prayers', { request: `For rain on day ${day}.` })
  const asked = statementsOf(t, here.ledger.cache().sqlite)
  const opens = async (reader: typeof ruth) => {
    const page = await reader.get('/feed')
    assert.equal(page.statusCode, 200)
    assert.match(page.payload, /For rain on day 3\./)
    return asked.splice(0)
  }

  assert.notDeepEqual(await opens(ruth), [])
  assert.deepEqual(await opens(ruth), [])
  assert.notDeepEqual(await opens(tom), [], 'who they are, and what they may see, was not asked yet')
  assert.deepEqual([...(await opens(tom)), ...(await opens(ruth))], [])

  await tom.post('/prayers', { request: 'For wind.' })
  asked.splice(0)
  assert.match((await ruth.get('/feed')).payload, /For wind\./)
  assert.notDeepEqual(asked, [], 'something was committed')
})

/** Every statement that runs from now on, of all connections. */
function statementsOf(t: TestContext, sqlite: Database.Database): string[] {
  const asked: string[] = []
  const statement = Object.getPrototypeOf(sqlite.prepare('select 1')) as Database.Statement
  for (const name of ['get', 'all', 'run', 'iterate'] as const) {
    const runs = statement[name]
    t.mock.method(statement, name, function (this: Database.Statement, ...given: unknown[]) {
      asked.push(this.source)
      return Reflect.apply(runs, this, given)
    })
  }
  return asked
}
