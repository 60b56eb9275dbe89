import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { settingNames } from '../../src/kernel/settings.ts'
import { type Place, place, wordsOf } from './browser.ts'

async function admin({ here, comes }: Place, name = 'Ruth') {
  const person = await comes(name)
  await here.does(operator, grantRole, { name, role: 'admin' })
  return person
}

test('what an admin calls the community stands on every page, at once and for everybody', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  const saved = await ruth.post('/admin/settings/community', { value: 'St Mary & all' })
  assert.equal(saved.statusCode, 303)
  await ruth.post('/admin/settings/welcomeWords', { value: 'Come in.\n\nSit down.' })
  for (const [browser, path] of [
    [ruth, '/'],
    [at.browser(), '/'],
    [at.browser(), '/sign-in'],
  ] as const)
    assert.match(
      (await browser.get(path)).body,
      /<a class="place" href="\/"><bdi dir="auto">St Mary &amp; all<\/bdi>/,
    )
  assert.match(wordsOf(await at.browser().get('/')), /Come in\. Sit down\./)
})

test('every page leads to where help is, for everybody, and there is some before an admin has said which', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  const stranger = at.browser()
  for (const [browser, path] of [
    [stranger, '/'],
    [stranger, '/nowhere'],
    [ruth, '/'],
    [ruth, '/admin'],
  ] as const)
    assert.match((await browser.get(path)).body, /<footer.*href="\/help">Help</, path)
  const before = await stranger.get('/help')
  assert.equal(before.statusCode, 200)
  assert.match(wordsOf(before), /emergency number of your country/)
  await ruth.post('/admin/settings/helpLines', { value: 'Night line: 0800 <111>\nAnn: 0123' })
  for (const browser of [stranger, ruth])
    assert.match((await browser.get('/help')).body, />Night line: 0800 &lt;111&gt;<br>Ann: 0123</)
})

test('each setting has its page, with what it was and a way back there', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  for (const value of ['One', 'Two', 'Three']) await ruth.post('/admin/settings/community', { value })
  const all = wordsOf(await ruth.get('/admin/settings'))
  assert.match(all, /Name of the community Three By Ruth ,/)
  assert.match(all, /Time zone UTC An admin says yes/)
  const page = await ruth.get('/admin/settings/community')
  assert.match(wordsOf(page), /Three By Ruth , just now This is so now\. .*Two By Ruth/)
  const back = [...page.body.matchAll(/name="back" value="(\d+)"/g)].map(([, place = '']) => place)
  assert.equal(back.length, 3, 'two that were before, and what it was at first')
  await ruth.post('/admin/settings/community', { back: back[1] ?? '' })
  assert.match((await ruth.get('/')).body, /class="place" href="\/"><bdi dir="auto">One</)
  for (const name of settingNames) assert.equal((await ruth.get(`/admin/settings/${name}`)).statusCode, 200)
})

test('a long history goes on by pages', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  for (let n = 1; n <= 25; n++) await ruth.post('/admin/settings/community', { value: `Name ${n}.` })
  const first = await ruth.get('/admin/settings/community')
  assert.match(wordsOf(first), /Name 25\..*Name 6\./)
  assert.doesNotMatch(wordsOf(first), /Name 5\./)
  const older = /href="([^"]+)" rel="next"/.exec(first.body)?.[1] ?? ''
  assert.match(wordsOf(await ruth.get(older)), /Name 5\..*Name 1\./)
})

test('words that will not do stay in the form, with what is wrong', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  const answer = await ruth.post('/admin/settings/timeZone', { value: 'Mars/Olympus' })
  assert.equal(answer.statusCode, 422)
  assert.match(answer.body, /id="value-mistake"/)
  assert.match(answer.body, /value="Mars\/Olympus"/)
})

test('for whoever is no admin there are no settings', async (t) => {
  const at = await place(t)
  await admin(at)
  const tom = await at.comes('Tom')
  for (const path of ['/admin/settings', '/admin/settings/community']) {
    assert.equal((await tom.get(path)).statusCode, 404)
    assert.equal((await tom.post(path, { value: 'Mine' })).statusCode, 404)
    assert.equal((await at.browser().get(path)).statusCode, 401)
  }
  const ruth = await at.comes('Ann')
  await at.here.does(operator, grantRole, { name: 'Ann', role: 'admin' })
  assert.equal((await ruth.get('/admin/settings/passwords')).statusCode, 404)
  assert.equal((await ruth.post('/admin/settings/passwords', { value: 'yes' })).statusCode, 404)
})
