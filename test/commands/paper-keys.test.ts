import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePaperKey, signInByPaperKey } from '../../src/commands/paper-keys.ts'
import { type Member, visitor } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { paperKeyOf } from '../../src/kernel/paper-key.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { type Community, community, refusal } from '../tools/community.ts'

test('a paper key lets its owner in, as often as they like', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const words = await keyFor(here, ruth)
  here.written()
  for (let times = 0; times < 2; times++) {
    const { cookie, member, session, until } = await here.does(visitor, signInByPaperKey, { words })
    assert.equal(here.heldBy(cookie)?.name, 'Ruth')
    assert.deepEqual(here.written(), [
      `session.opened/3 by=${member} session=${session} token=${digest(cookie)} until=${until} how=paper`,
    ])
  }
})

test('only its hash is kept: not a word of it can be found in the archive', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const before = here.text().length
  const words = await keyFor(here, ruth)
  const written = here.text().slice(before)
  assert.match(written, /paper-key\.made\/1! by=m_\S+ hash=[0-9a-f]{64}/)
  // "paper" and "key" are words of keys, too.
  const rest = written.replace('paper-key.made', '')
  for (const word of words.split(' ')) assert.ok(!new RegExp(`\\b${word}\\b`).test(rest), word)
})

test('a newer key takes the place of the one before', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const first = await keyFor(here, ruth)
  const second = await keyFor(here, ruth)
  const { fields } = await refusal('invalid', here.does(visitor, signInByPaperKey, { words: first }))
  assert.match(fields.words ?? '', /opens nothing here now/)
  assert.ok(await here.does(visitor, signInByPaperKey, { words: second }))
})

test('a typing error is told from a key that nobody has', async (t) => {
  const here = await community(t)
  const words = (await keyFor(here, await here.joins('Ruth'))).split(' ')
  const whyNot = async (typed: readonly string[]) =>
    (await refusal('invalid', here.does(visitor, signInByPaperKey, { words: typed.join(' ') }))).message
  assert.match(await whyNot(words.with(2, 'xyz')), /^Word 3, "xyz", is none/)
  assert.match(await whyNot(words.slice(2)), /these are 11/)
  assert.match(await whyNot(paperKeyOf(new Uint8Array(16))), /opens nothing here now/)
  await refusal('invalid', here.does(visitor, signInByPaperKey, {}))
  await refusal('invalid', here.does(visitor, signInByPaperKey, { words: 'a '.repeat(2_000) }))
})

test('the same form sent again does not take the place of the paper in hand', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const { words } = await here.does(ruth, makePaperKey, { key: 'one form' })
  assert.deepEqual(await here.does(ruth, makePaperKey, { key: 'one form' }), { words: null })
  assert.ok(await here.does(visitor, signInByPaperKey, { words: words?.join(' ') }))
})

test('making one asks for a fresh sign-in, and showing it again is one: for oneself alone', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const words = await keyFor(here, ruth)
  const annsWords = await keyFor(here, await here.joins('Ann'))
  here.passes(12 * hours)
  await refusal('fresh', here.does(ruth, makePaperKey, {}))

  const again = { again: 'yes' }
  const refused = await refusal(
    'forbidden',
    here.does(ruth, signInByPaperKey, { words: annsWords, ...again }),
  )
  assert.match(refused.message, /somebody else's\. You are signed in as Ruth/)
  const { cookie } = await here.does(ruth, signInByPaperKey, { words, ...again })
  const fresh = here.heldBy(cookie)
  assert.ok(fresh)
  assert.notEqual(fresh.session, ruth.session)
  await refusal('sign-in', here.does(ruth, makePaperKey, {}))
  assert.ok(await here.does(fresh, makePaperKey, {}))
})

async function keyFor(here: Community, member: Member) {
  const { words } = await here.does(member, makePaperKey, {})
  assert.ok(words)
  return words.join(' ')
}
