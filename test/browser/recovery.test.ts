import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Rebuild } from '../../src/ledger/rebuild.ts'
import { rebuildBeside } from '../../src/rebuild-beside.ts'
import { isOpenToAll } from './barriers.ts'
import { openBrowser } from './chromium.ts'
import { openDemo } from './demo.ts'
import { openHouse } from './house.ts'
import { fits } from './narrow.ts'
import { claims, desktop, inviteTo, phone, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

test('an admin checks everything, compares, rebuilds and confirms the sheet; no page has a barrier', async (t) => {
  const house = await openHouse(t)
  const [ruth, ann] = [await someone(t, browser, house), await someone(t, browser, house)]
  await claims(ruth, house.firstLink, 'Ruth')
  await claims(ann, await inviteTo(house), 'Ann')
  assert.equal(await ann.getByRole('link', { name: 'Admin' }).count(), 0)

  await ruth.getByRole('link', { name: 'Admin' }).click()
  await ruth.getByRole('link', { name: 'Recovery' }).click()
  await ruth.getByText('every byte has yet to be read').waitFor()
  await isOpenToAll(ruth, 'the overview of a new site')
  await has(ruth, 'Check everything now', 'Everything is as it was written')
  for (const [button, words] of [
    ['Compare with a fresh rebuild', 'The text is whole, and the cache is what it gives'],
    ['Rebuild', 'The site is served from a new cache'],
    ['Back up', 'A backup was made'],
  ] as const) {
    await ruth.goto('/admin/recovery')
    await has(ruth, button, words)
  }
  await isOpenToAll(ruth, 'work that is over')
  for (const kind of ['archive.verified', 'cache.rebuilt', 'backup.made'])
    assert.ok(house.records(kind).length > 0, `${kind} is in the archive`)

  await ruth.goto('/admin/recovery')
  await ruth.getByRole('link', { name: 'Print the recovery sheet' }).click()
  await ruth.getByRole('button', { name: 'Show the sheet' }).click()
  await ruth.getByRole('heading', { name: 'The same, for a camera' }).waitFor()
  await isOpenToAll(ruth, 'the recovery sheet')
  const paper = await ruth.locator('ol.groups code').allTextContents()
  await ruth.getByRole('link', { name: 'I have printed it' }).click()
  await ruth.getByLabel('Four characters from the paper').fill('nope')
  await ruth.getByRole('button', { name: 'I have it on paper' }).click()
  await ruth.getByRole('alert').waitFor()
  await isOpenToAll(ruth, 'four wrong characters')
  const asked = (await ruth.locator('#characters-hint').textContent()) ?? ''
  const characters = [...asked.matchAll(/character (\d) of group (\d+)/g)]
    .map(([, character, group]) => paper[Number(group) - 1]?.[Number(character) - 1])
    .join('')
  await ruth.getByLabel('Four characters from the paper').fill(characters)
  await ruth.getByRole('button', { name: 'I have it on paper' }).click()
  await ruth.getByText('Somebody has them on paper').waitFor()

  await ruth.goto('/admin/recovery')
  await ruth.getByText(/Nothing is lost: \d+ records are whole/).waitFor()
})

test('what is wrong and what somebody edited can be read by everybody', async (t) => {
  const edit = {
    ...{ file: '2026/2026-07.txt', isAcceptable: false, wrong: 'Line 4,100 is no record.', isTail: false },
    ...{ copy: '/backups', unfit: [], more: 3 },
    differences: [
      { record: 1201, line: 4017, lines: [' ~request', '-| Pray for my mother.', '+| Pray for my father.'] },
      { record: 1203, line: 4100, lines: [`+| ${'W'.repeat(300)}`, '+| ש'] },
    ],
  }
  const other = { ...edit, file: '2026/2026-08.txt', isAcceptable: true, wrong: null, copy: null }
  const edits = {
    report: async () => ({ files: [edit, { ...other, unfit: ['The backup is of before that month.'] }] }),
    ...{ restore: async () => {}, accept: async () => {}, lookAgain: async () => {} },
  }
  const demo = await openDemo({ edits })
  t.after(() => demo.close())
  writeFileSync(join(demo.archive, 'letter.doc'), 'x')
  const imogen = await someone(t, browser, demo)
  const { token } = await demo.does('issueLoginLink', { name: 'Imogen Elderfield' })
  await imogen.request.post(`/sign-in/${token}`)
  for (const [path, words] of [
    ['', 'something beside the text is not as it should be'],
    ['/problems', 'the archive did not put this file here'],
    ['/edits', 'Somebody changed what was written'],
    ['/edits/2026-07/restore', 'The month becomes what it was'],
    ['/edits/2026-08/accept', 'From now on the edited words count'],
  ] as const) {
    await imogen.goto(`/admin/recovery${path}`)
    await imogen.getByText(words).waitFor()
    await isOpenToAll(imogen, path)
    await imogen.setViewportSize(phone)
    await fits(imogen, path)
  }
  await imogen.getByRole('button', { name: 'Accept it as it stands' }).click()
  await imogen.waitForURL('**/admin/recovery/edits')
})

test('a rebuild shows how far it is and how it ended, live, and without JavaScript by itself', async (t) => {
  const held = heldRebuild()
  const demo = await openDemo({ rebuild: held.rebuild })
  t.after(() => demo.close())
  const imogen = await admin(await someone(t, browser, demo))
  const plain = await admin(await someone(t, browser, demo, { javaScriptEnabled: false }))

  await imogen.goto('/admin/recovery')
  await imogen.getByRole('button', { name: 'Rebuild', exact: true }).click()
  await imogen.getByText('It is checking the new cache').waitFor()
  const work = imogen.getByRole('region', { name: 'A new cache is being made' })
  await work.getByRole('button', { name: 'End it' }).waitFor()
  await isOpenToAll(imogen, 'a rebuild under way')
  for (const size of [phone, desktop]) {
    await imogen.setViewportSize(size)
    await fits(imogen, `a rebuild under way, ${size.width} px wide`)
  }
  await imogen.goto('/')
  await imogen.getByRole('article').first().waitFor()
  await imogen.goto('/admin/recovery')
  await work.waitFor()
  await isOpenToAll(imogen, 'the overview with a rebuild under way')
  assert.equal(await imogen.getByRole('button', { name: 'Check everything now' }).count(), 0)

  await plain.goto('/admin/recovery/work')
  await plain.getByRole('heading', { name: 'A new cache is being made' }).waitFor()
  const addresses = [imogen.url(), plain.url()]
  held.release()
  const over = 'The site is served from a new cache'
  for (const page of [imogen, plain]) await page.getByRole('heading', { name: over }).waitFor()
  await imogen.getByRole('status').filter({ hasText: over }).waitFor()
  assert.deepEqual([imogen.url(), plain.url()], addresses)
  await isOpenToAll(imogen, 'a rebuild that ended before the eyes of who asked')
  assert.equal(await plain.locator('meta[http-equiv]').count(), 0, 'what is over is not asked for again')

  async function admin(page: Page) {
    const { token } = await demo.does('issueLoginLink', { name: 'Imogen Elderfield' })
    await page.request.post(`/sign-in/${token}`)
    return page
  }
})

test('whoever has the button to end work in hand keeps it, and ends it', async (t) => {
  const held = heldRebuild()
  const demo = await openDemo({ rebuild: held.rebuild })
  t.after(() => demo.close())
  const imogen = await someone(t, browser, demo, { javaScriptEnabled: true })
  const { token } = await demo.does('issueLoginLink', { name: 'Imogen Elderfield' })
  await imogen.request.post(`/sign-in/${token}`)
  await imogen.goto('/admin/recovery')
  await imogen.getByRole('button', { name: 'Rebuild', exact: true }).click()
  const end = imogen.getByRole('button', { name: 'End it' })
  await end.focus()
  await imogen.getByText('It is checking the new cache').waitFor()
  await imogen.waitForTimeout(2500)
  assert.ok(await end.evaluate((button) => button.ownerDocument.activeElement === button))
  await imogen.keyboard.press('Enter')
  await imogen.getByRole('heading', { name: 'It was ended' }).waitFor()
  await imogen.getByText('Nothing was changed.').waitFor()
  await imogen.goto('/')
  await imogen.getByRole('article').first().waitFor()
})

async function has(page: Page, button: string, words: string) {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.waitForURL('**/admin/recovery/work')
  await page.getByRole('heading', { name: words }).waitFor()
}

/** Real rebuilds in their thread, which end only when the test lets them, or somebody ends them. */
function heldRebuild() {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const rebuild: Rebuild = async (order, watch) => {
    const made = await rebuildBeside()(order, watch)
    const { signal } = watch
    await Promise.race([
      released,
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
    ])
    return made
  }
  return { rebuild, release }
}
