import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markPrayer } from '../../src/commands/marks.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { visitor } from '../../src/kernel/actor.ts'
import { keyOf } from '../../src/kernel/stamp.ts'
import { memberByName } from '../../src/queries/members.ts'
import { prayerPage } from '../../src/queries/prayers.ts'
import { community, refusal } from '../tools/community.ts'

test('a request is kept as it was written, whatever it looks like', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  for (const request of [
    "Please pray for my mother's surgery.\n\nShe is frightened.",
    '= 0000000000000000',
    '@1 2026-11-22T07:00:00.000Z role.granted/2 by=operator',
    '| x\n~request\n  ~y',
    '🙏'.repeat(5_000),
    'שלום לכולם \u202bمرحبا\u202c',
    "'); drop table prayers; --",
    '<script>alert(1)</script>',
    'a\tb',
    '{{it.x}} <%= it %>',
  ]) {
    const { prayer } = await here.does(ruth, postPrayer, {
      request,
      forWhom: request.slice(0, 12).split('\n')[0],
      consent: 'yes',
    })
    assert.equal(prayerPage(here.reading(ruth), prayer)?.card.request, request)
  }
})

test('its record says who asked and who sees it, and holds the words', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  here.written()
  const { prayer } = await here.does(ruth, postPrayer, {
    request: ' Please pray.\r\n\r\n\r\n@1 me\u2028too \n',
    forWhom: ' Mary  Johnson ',
    consent: 'yes',
    key: 'k',
  })
  assert.deepEqual(here.written(), [
    `prayer.posted/3 by=${ruth.member} key=${keyOf(ruth.member, 'k')} prayer=${prayer} sees=everyone lapsesAt=2026-12-22T23:59:59.999Z consent=yes`,
  ])
  assert.match(
    here.text(),
    /~forWhom [0-9a-f]{32}\n\| Mary {2}Johnson\n~request [0-9a-f]{32}\n\| Please pray\.\n\|\n\|\n\| @1 me\n\| too\n=/,
  )
})

test('nobody in particular is nobody', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  for (const forWhom of [undefined, '', ' \u00a0\t']) {
    const { prayer } = await here.does(ruth, postPrayer, { request: 'Please pray.', forWhom })
    assert.equal(prayerPage(here.reading(ruth), prayer)?.card.forWhom, null)
  }
  assert.ok(!here.text().includes('~forWhom'))
})

test('a request has between 1 and 5,000 characters, as people count them', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const post = (request: unknown, forWhom?: unknown) =>
    here.does(ruth, postPrayer, { request, forWhom, consent: 'yes' })
  await post('x')
  await post(`  ${'e\u0301'.repeat(5_000)}\n`)
  await post('x'.repeat(5_000), '🙏'.repeat(100))
  await post(`${' '.repeat(100_000)}${'\u03b1\u0313\u0300\u0345'.repeat(5_000)}`)
  await post(`x${'\r\n'.repeat(4_998)}x`)
  here.written()

  for (const empty of [undefined, '', ' \r\n\t', '\ufeff', null, 7, ['x'], { length: 1 }]) {
    const { fields } = await refusal('invalid', post(empty))
    assert.deepEqual(fields, { request: 'Write what you would like prayer for.' })
  }
  const { fields } = await refusal('invalid', post('🙏'.repeat(5_001), 'x'.repeat(101)))
  assert.equal(fields.request, 'This has 5,001 characters; at most 5,000 can be kept.')
  assert.equal(fields.forWhom, 'This has 101 characters; at most 100 can be kept.')
  await refusal('invalid', post('x', 'two\nlines'))
  await refusal('invalid', post('x', ['Mary']))
  assert.deepEqual(here.written(), [])
})

test('what is far too long is refused at once, whatever it is made of', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const accents = `a${'\u0301'.repeat(65_000)}${'\u0316'.repeat(65_000)}`
  const began = performance.now()
  await refusal('invalid', here.does(ruth, postPrayer, { request: accents, forWhom: accents }))
  await refusal('invalid', here.does(visitor, claimInvite, { token: 'x', name: accents }))
  assert.ok(performance.now() - began < 1_000, 'composing it would take seconds')
})

test('a heap of accents on one letter is not composed, and one of a name is not looked for', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const heap = `a${'\u0316\u0301'.repeat(9_990)}`
  const began = performance.now()
  for (let times = 0; times < 20; times++) {
    const { fields } = await refusal('invalid', here.does(ruth, postPrayer, { request: `Please. ${heap}` }))
    if (times === 0) assert.equal(fields.request?.startsWith('This has 19,989 characters'), true)
  }
  const short = `a${'\u0316\u0301'.repeat(40)}`
  const { fields } = await refusal('invalid', here.does(ruth, postPrayer, { request: short }))
  assert.equal(fields.request, 'One letter here has more accents than can be kept.')
  await here.does(ruth, postPrayer, { request: 'q̣̃̂ and नि' })
  for (let times = 0; times < 10; times++)
    assert.equal(memberByName(here.ledger.cache(), heap.repeat(4)), undefined)
  assert.ok(performance.now() - began < 2_000, 'each would take a third of a second and more')
})

test('a character that the archive cannot hold is named, with its line', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  here.written()
  for (const [character, name] of [
    ['\u0000', 'U+0000'],
    ['\u0007', 'U+0007'],
    ['\u001b', 'U+001B'],
    ['\u007f', 'U+007F'],
    ['\u009f', 'U+009F'],
    ['\ufeff', 'U+FEFF'],
    ['\ud83d', 'U+D83D'],
  ]) {
    const request = `Dear all,\nplease${character}pray.`
    const { fields } = await refusal(
      'invalid',
      here.does(ruth, postPrayer, { request, forWhom: `M${character}y` }),
    )
    const rest = `holds an invisible character (${name}) that cannot be kept. Type those words anew, or leave them out.`
    assert.deepEqual(fields, { request: `Line 2 ${rest}`, forWhom: `This ${rest}` })
  }
  assert.deepEqual(here.written(), [])
})

test('the same key with the same words is the same request, also in one batch', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  here.written()
  const raw = { request: 'Please pray.', forWhom: 'Mary', consent: 'yes', key: 'key' }
  const [first, second] = await Promise.all([
    here.does(ruth, postPrayer, raw),
    here.does(ruth, postPrayer, raw),
  ])
  const third = await here.does(ruth, postPrayer, { ...raw, request: ' Please pray.\r\n' })
  assert.deepEqual(second, first)
  assert.deepEqual(third, first)
  assert.equal(here.written().length, 1)
})

test('the same key for something else is refused', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const raw = { request: 'Please pray.', key: 'key' }
  const { prayer } = await here.does(ruth, postPrayer, raw)
  await here.does(ruth, markPrayer, { prayer, key: 'mark' })
  here.written()
  for (const other of [
    { ...raw, request: 'Please pray too.' },
    { ...raw, forWhom: 'Mary' },
    { ...raw, nameless: 'yes' },
    { ...raw, key: 'mark' },
  ]) {
    await refusal('conflict', here.does(ruth, postPrayer, other))
  }
  assert.deepEqual(here.written(), [])
})

test('keys are one’s own: the same key of somebody else is another', async (t) => {
  const here = await community(t)
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  const raw = { request: 'Please pray.', key: 'key' }
  const hers = await here.does(ruth, postPrayer, raw)
  assert.notDeepEqual(await here.does(tom, postPrayer, raw), hers)
  assert.notDeepEqual(await here.does(tom, postPrayer, { request: raw.request }), hers)
})

test('a key has at most 200 characters, and an empty one is none', async (t) => {
  const here = await community(t)
  const ruth = await here.joins('Ruth')
  const post = (key: unknown) => here.does(ruth, postPrayer, { request: 'Please pray.', key })
  for (const key of ['x'.repeat(201), 7, null, ['k']]) {
    const { fields } = await refusal('invalid', post(key))
    assert.deepEqual(fields, { key: 'A key has at most 200 characters.' })
  }
  await post('')
  await post('=@\n| \ud800🙏'.padEnd(200))
})
