import assert from 'node:assert/strict'
import { test } from 'node:test'
import { perform } from '../../src/commands/command.ts'
import { addPasskey, removePasskey, signInByPasskey } from '../../src/commands/passkeys.ts'
import { type Member, visitor } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { memberDeactivated } from '../../src/records/members.ts'
import { type Community, community, refusal } from '../tools/community.ts'

const keyOf = (credential: string, counter = 0) => ({
  ...{ name: 'Phone', credential, publicKey: 'pQECAyYgASFYIA', counter },
})
const comesBy = (here: Community, credential: string, counter: number, { member: owner }: Member) =>
  here.does(visitor, signInByPasskey, { credential, counter, owner })

test('a passkey lets its owner in, and each use is counted', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const { passkey } = await here.does(ruth, addPasskey, keyOf('one', 4))
  here.written()
  const { cookie } = await comesBy(here, 'one', 5, ruth)
  assert.equal(here.heldBy(cookie)?.name, 'Ruth')
  const [used, opened] = here.written()
  assert.equal(used, `passkey.used/1 by=${ruth.member} passkey=${passkey} counter=5`)
  assert.match(opened ?? '', / how=passkey$/)
})

test('a counter that stands still or goes back is refused; one that is always 0 is not', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.does(ruth, addPasskey, keyOf('counts', 4))
  await here.does(ruth, addPasskey, keyOf('does-not', 0))
  for (const counter of [0, 3, 4]) await refusal('invalid', comesBy(here, 'counts', counter, ruth))
  await comesBy(here, 'counts', 5, ruth)
  await refusal('invalid', comesBy(here, 'counts', 5, ruth))
  for (let times = 0; times < 3; times++) await comesBy(here, 'does-not', 0, ruth)
})

test('two answers of one counter in one batch let one in', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.does(ruth, addPasskey, keyOf('one', 1))
  const both = [comesBy(here, 'one', 2, ruth), comesBy(here, 'one', 2, ruth)]
  const statuses = (await Promise.allSettled(both)).map(({ status }) => status)
  assert.deepEqual(statuses, ['fulfilled', 'rejected'])
})

test('what nobody has, what was removed and what is of another read the same', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const ann = await here.joins('Ann')
  const { passkey } = await here.does(ruth, addPasskey, keyOf('one'))
  await refusal('not-found', here.does(ann, removePasskey, { passkey }))
  const said = new Set<string>()
  said.add((await refusal('invalid', comesBy(here, 'none', 0, ruth))).message)
  said.add((await refusal('invalid', comesBy(here, 'one', 0, ann))).message)
  await here.does(ruth, removePasskey, { passkey })
  said.add((await refusal('invalid', comesBy(here, 'one', 0, ruth))).message)
  assert.equal(said.size, 1)
  await refusal('not-found', here.does(ruth, removePasskey, { passkey }))
})

test('a passkey is added once, with a name, by somebody who came in lately, and 20 are enough', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.does(ruth, addPasskey, keyOf('0'))
  const whyNot = async (raw: object) => (await refusal('invalid', here.does(ruth, addPasskey, raw))).fields
  assert.match((await whyNot(keyOf('0'))).passkey ?? '', /is here already/)
  assert.match((await whyNot({ ...keyOf('x'), name: ' ' })).name ?? '', /Give it a name/)
  assert.match((await whyNot({ ...keyOf('x'), name: 'a\nb' })).name ?? '', /one line/)
  assert.match((await whyNot({ ...keyOf('x'), name: 'a'.repeat(61) })).name ?? '', /at most 60/)
  assert.match((await whyNot(keyOf('x'.repeat(513)))).passkey ?? '', /cannot be kept here/)
  assert.match((await whyNot({ ...keyOf('x'), publicKey: 'x'.repeat(513) })).passkey ?? '', /cannot be kept/)
  for (let number = 1; number < 20; number++) await here.does(ruth, addPasskey, keyOf(String(number)))
  assert.match((await whyNot(keyOf('20'))).passkey ?? '', /You have 20 passkeys/)
  await refusal('sign-in', here.does(visitor, addPasskey, keyOf('x')))
  here.passes(12 * hours)
  await refusal('fresh', here.does(ruth, addPasskey, keyOf('x')))
  await refusal('fresh', here.does(ruth, removePasskey, { passkey: 'k_0000000000000000' }))
})

test('whoever was put out reads why, once they have proved who they are, and does not come in', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  await here.does(ruth, addPasskey, keyOf('one'))
  const put = memberDeactivated.of({ by: 'operator', member: ruth.member })
  await here.ledger.record(() => ({ drafts: [put], result: {} }))
  const refused = await refusal(
    'forbidden',
    perform(here.ledger.record, signInByPasskey, visitor, {
      ...{ credential: 'one', counter: 0, owner: ruth.member },
    }),
  )
  assert.match(refused.message, /^Your place here is paused\./)
})
