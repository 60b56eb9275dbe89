import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { markPrayer } from '../../src/commands/marks.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { operator } from '../../src/kernel/actor.ts'
import { prayerPage } from '../../src/queries/prayers.ts'
import { recordErased } from '../../src/records/erasures.ts'
import { type Community, claims, community, refusal } from '../tools/community.ts'

test('a request whose words were erased keeps its place and its prayers, and asks for no more', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const raw = { request: 'Please pray.', forWhom: 'Mary', consent: 'yes', key: 'key' }
  const { prayer } = await here.does(ruth, postPrayer, raw)
  await here.does(tom, markPrayer, { prayer })
  await erase(here, /^@(\d+) \S+ prayer\.posted[^@]*?^= (\w+)/m, 'request')
  await erase(here, /^@(\d+) \S+ prayer\.posted[^@]*?^= (\w+)/m, 'forWhom')

  const card = prayerPage(here.reading(tom), prayer)?.card
  assert.deepEqual(
    [card?.request, card?.forWhom, card?.author, card?.times, card?.mayMark],
    [null, null, 'Ruth', 1, false],
  )
  await refusal('conflict', here.does(ruth, postPrayer, raw))
})

test('whose name was erased has left: nothing names them, and the name is free', async (t) => {
  const here = await community(t)
  const { token } = await here.does(operator, issueInvite, { seats: 2 })
  const { cookie } = await claims(here, { token, name: 'Ruth' })
  const ruth = here.heldBy(cookie)
  assert.ok(ruth)
  const tom = await here.joins('Tom')
  const { prayer } = await here.does(tom, postPrayer, { request: 'Please pray.' })
  const hers = await here.does(ruth, postPrayer, { request: 'Please pray too.' })
  await here.does(ruth, markPrayer, { prayer })
  await erase(here, /^@(\d+)\S* \S+ member\.joined[^@]*?^= (\w+)/m, 'name')

  assert.equal(here.heldBy(cookie)?.name, 'Someone who left')
  const page = (id: string) => prayerPage(here.reading(tom), id)
  assert.equal(page(hers.prayer)?.card.author, null)
  assert.deepEqual(page(prayer)?.prayedBy, [{ name: null, isUnseen: false, times: 1 }])
  await claims(here, { token, name: 'Ruth' })
})

async function erase(here: Community, record: RegExp, field: string) {
  const [, sequence, hash = ''] = here.text().match(record) ?? []
  await here.ledger.record(() => ({
    drafts: [recordErased.of({ by: 'operator', record: Number(sequence), hash, field, why: 'wish' })],
    result: undefined,
  }))
  // The first may come before the erasure that this record asks for.
  await here.ledger.settled()
  await here.ledger.settled()
}
