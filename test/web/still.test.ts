import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givingIn, reflectionFor, reflectionsIn } from '../../src/kernel/reflections.ts'
import { versionsIn } from '../../src/web/changelog.ts'
import { place, wordsOf } from './browser.ts'

test('each day has its verse, by the day of the community, and its own verses when it has some', async (t) => {
  const at = await place(t)
  const ruth = at.browser()
  const seen = new Set<string>()
  for (let day = 0; day < 60; day++) {
    seen.add(wordsOf(await ruth.get('/reflection')).replace(/For \d+ .*/, ''))
    at.here.passes(86_400_000)
  }
  assert.equal(seen.size, 60)

  const admin = await at.here.joinsAsAdmin('Ruth')
  const { changeSetting } = await import('../../src/commands/settings.ts')
  const sets = (setting: string, value: string) => at.here.does(admin, changeSetting, { setting, value })
  await sets('reflections', 'Rest. | A friend\nRise. | Another')
  const today = wordsOf(await ruth.get('/reflection'))
  await sets('timeZone', 'Pacific/Kiritimati')
  // It is seven there in the evening of the day, fourteen hours ahead.
  assert.equal(wordsOf(await ruth.get('/reflection')), today)
  at.here.passes(4 * 3_600_000)
  const next = wordsOf(await ruth.get('/reflection'))
  assert.notEqual(next.replace(/For \d+ .*/, ''), today.replace(/For \d+ .*/, ''))
  assert.match(`${today} ${next}`, /Rest\. A friend/)
  assert.match(`${today} ${next}`, /Rise\. Another/)
})

test('giving is spoken of only when somebody has said where', async (t) => {
  const at = await place(t)
  const visitor = at.browser()
  assert.ok(!(await visitor.get('/')).body.includes('href="/giving"'))
  const admin = await at.here.joinsAsAdmin('Ruth')
  const { changeSetting } = await import('../../src/commands/settings.ts')
  await at.here.does(admin, changeSetting, {
    setting: 'giving',
    value: 'Our roof https://roof.example/?a=1&b="2"',
  })
  assert.ok((await visitor.get('/')).body.includes('href="/giving"'))
  const { body } = await visitor.get('/giving')
  assert.match(
    body,
    /<a href="https:\/\/roof\.example\/\?a=1&amp;b=&quot;2&quot;" rel="noreferrer"><bdi dir="auto">Our roof</,
  )
})

test('only lines of the right shape are verses or places to give', () => {
  assert.deepEqual(reflectionsIn('a | b\n| b\na |\nnothing\nc | d | e'), [
    { verse: 'a', source: 'b' },
    { verse: 'c | d', source: 'e' },
  ])
  assert.equal(reflectionFor([], '2026-11-22'), undefined)
  assert.deepEqual(givingIn(''), [])
  for (const bad of ['x', 'x javascript:alert(1)', 'x http://a.example', 'https://a.example', 'x https://'])
    assert.equal(givingIn(bad), undefined, bad)
})

test('what is new is the changelog, in plain words', async (t) => {
  assert.deepEqual(versionsIn('# T\n\n## Unreleased\n\n- One `x`\n  and more.\n- <b>\n\n## 1.0\n\n- Old.'), [
    { name: 'Now', news: ['One x and more.', '<b>'] },
    { name: '1.0', news: ['Old.'] },
  ])
  const at = await place(t)
  assert.match(wordsOf(await at.browser().get('/whats-new')), /What is new Now .*ask for prayer/)
})

test('lately shows what was asked in the last two weeks, and to nobody who may not see it', async (t) => {
  const at = await place(t)
  const ruth = await at.comes('Ruth')
  const tom = await at.comes('Tom')
  await at.here.namesKey()
  await ruth.post('/prayers', { request: 'Rain', forWhom: 'Eleanor', consent: 'yes' })
  await ruth.post('/prayers', { request: 'Quiet', forWhom: 'Secretary', sees: 'me' })
  assert.match(wordsOf(await tom.get('/lately')), /Asked Ruth for Eleanor/)
  assert.ok(!wordsOf(await tom.get('/lately')).includes('Secretary'))
  assert.match(wordsOf(await ruth.get('/lately')), /Secretary/)
  at.here.passes(15 * 86_400_000)
  assert.match(wordsOf(await tom.get('/lately')), /Nothing new/)
  const path = String((await ruth.post('/prayers', { request: 'Snow' })).headers.location)
  at.here.passes(15 * 86_400_000)
  await ruth.post(`${path}/updates`, { update: 'Clouds' })
  assert.match(wordsOf(await tom.get('/lately')), /How it goes on Ruth just now/)
  await ruth.post(`${path}/answers`, {})
  assert.match(wordsOf(await tom.get('/lately')), /you can see it\. Answered Ruth just now/)
})
