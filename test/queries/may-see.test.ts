import assert from 'node:assert/strict'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { type Member, operator, visitor } from '../../src/kernel/actor.ts'
import { maySee, seenByMembers } from '../../src/queries/may-see.ts'
import { audiences } from '../../src/records/prayers.ts'

const ruth: Member = {
  is: 'member',
  member: 'm_0',
  name: 'Ruth',
  session: 's_0',
  signedInAt: '2026-11-22T07:00:00.000Z',
  roles: [],
}

test('what a query shows to a member is what a command lets them act on', () => {
  const db = drizzle({ client: new Database(':memory:') })
  for (const sees of [...audiences, 'nobody']) {
    const shown = db.get<{ shown: number }>(
      sql`select ${seenByMembers} as shown from (select ${sees} as sees) as prayers`,
    )
    // An audience that this version does not know is nobody's.
    assert.equal(Boolean(shown.shown), maySee(ruth, { sees: sees as (typeof audiences)[number] }), sees)
  }
})

test('whoever is not signed in sees no request', () => {
  for (const sees of audiences) {
    assert.ok(maySee(ruth, { sees }))
    assert.ok(!maySee(visitor, { sees }))
    assert.ok(!maySee(operator, { sees }))
  }
})
