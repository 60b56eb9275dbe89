import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { isOpenToAll } from './barriers.ts'
import { openBrowser } from './chromium.ts'
import { type House, openHouse } from './house.ts'
import { asks, claims, desktop, inviteTo, phone, someone } from './person.ts'

/* What people come for, from asking to what became of it, as they do it. */

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

for (const [device, viewport, colorScheme] of [
  ['a phone by night', phone, 'dark'],
  ['a desktop by day', desktop, 'light'],
] as const) {
  for (const javaScriptEnabled of [true, false]) {
    const how = `on ${device} ${javaScriptEnabled ? 'with' : 'without'} JavaScript`
    test(`a request is asked with choices, followed, prayed for, goes on, is answered, found and brought back ${how}`, async (t) => {
      const house = await openHouse(t)
      const comes = () => someone(t, browser, house, { viewport, colorScheme, javaScriptEnabled })
      // axe is a script, too.
      const look = async (page: Page) => (javaScriptEnabled ? looksThrough(page, colorScheme) : undefined)
      const ruth = await comes()
      await claims(ruth, house.firstLink, 'Ruth')
      const ann = await comes()
      await claims(ann, await inviteTo(house), 'Ann')

      const address = await asksWithChoices(ann, look)
      await keepsInSight(ruth, look, address)
      await praysThrough(ruth, look)
      await encourages(ruth, address)
      await goesOn(ann, look, address)
      await hearsOfIt(ruth, look, house)
      await isFound(ruth, look, address)
      await isBroughtBack(ann, ruth, address)
    })
  }
}

test('prayer time goes by keys alone, and they rest while something else has the focus', async (t) => {
  const house = await openHouse(t)
  const ruth = await someone(t, browser, house)
  await claims(ruth, house.firstLink, 'Ruth')
  const ann = await someone(t, browser, house)
  await claims(ann, await inviteTo(house), 'Ann')
  for (const request of ['First.', 'Second.', 'Third.']) await asks(ann, request)

  await ruth.goto('/pray/begin?requests=5')
  await reads(ruth, '1 of 3')
  await reads(ruth, /^Keys: space, Enter or P for Prayed/)
  await ruth.keyboard.press('f')
  await ruth.getByRole('button', { name: 'No longer follow' }).waitFor()
  await reads(ruth, '1 of 3')
  await ruth.keyboard.press(' ')
  await reads(ruth, '2 of 3')
  await ruth.keyboard.press('ArrowRight')
  await reads(ruth, '3 of 3')
  await ruth.getByRole('link', { name: 'Leave' }).focus()
  await ruth.keyboard.press('s')
  await reads(ruth, '3 of 3')
  await ruth.getByRole('heading', { level: 1 }).focus()
  await ruth.keyboard.press('Escape')
  await ruth.getByRole('link', { name: 'Go on where you were: 3 of 3' }).click()
  await reads(ruth, '3 of 3')
  await ruth.keyboard.press('p')
  await ruth.getByRole('heading', { name: 'You prayed for 1 person' }).waitFor()
  assert.equal(house.records('prayer.marked').length, 2)
  assert.equal(house.records('prayer.followed').length, 1)
})

test('what is being written is kept every ten seconds, and offered back after the browser was closed', async (t) => {
  const house = await openHouse(t)
  const ruth = await someone(t, browser, house)
  await claims(ruth, house.firstLink, 'Ruth')
  await ruth.clock.install()
  await ruth.goto('/prayers/new')
  await ruth.getByLabel('What shall we pray for?').fill('I want to end my life.')
  const kept = ruth.waitForResponse((answer) => answer.url().endsWith('/drafts'))
  await ruth.clock.fastForward(11_000)
  assert.equal((await kept).status(), 200)
  await ruth.getByRole('heading', { name: 'You need not be alone with this' }).waitFor()
  assert.equal(await ruth.getByLabel('What shall we pray for?').inputValue(), 'I want to end my life.')
  assert.doesNotMatch(house.archive(), /end my life/)

  const again = await ruth.context().newPage()
  await ruth.close()
  await again.goto('/prayers/new')
  await again.getByText('You began a request').waitFor()
  await again.getByRole('link', { name: 'Go on with it' }).click()
  assert.equal(await again.getByLabel('What shall we pray for?').inputValue(), 'I want to end my life.')
  await again.goto('/prayers/new')
  await again.getByRole('button', { name: 'Throw it away' }).click()
  await again.goto('/prayers/new')
  assert.equal(await again.getByText('You began a request').count(), 0)
})

const reads = (page: Page, sentence: string | RegExp) => page.getByText(sentence).first().waitFor()

type Look = (page: Page) => Promise<void>

/** Whether there is a barrier on what the page shows now, of any width and by day and by night. */
async function looksThrough(page: Page, colorScheme: 'light' | 'dark') {
  const size = page.viewportSize() ?? phone
  await isOpenToAll(page, page.url())
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme })
}

const opensMore = (page: Page) => page.getByText('More', { exact: true }).first().click()

/** Asks for something that matters tomorrow; gives its address. */
async function asksWithChoices(page: Page, look: Look): Promise<string> {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  await page.goto('/prayers/new')
  await page.getByLabel('What shall we pray for?').fill('The operation on her lighthouse.')
  await page.getByText('More choices').click()
  await page.getByLabel('What is it about?').selectOption('health')
  await page.getByLabel('The day it matters').fill(tomorrow)
  await page.getByLabel('2 weeks').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await reads(page, 'Everyone here (2 people) will see this, with your name.')
  await reads(page, 'Health')
  await look(page)
  await page.getByRole('button', { name: 'Share with everyone here' }).click()
  await reads(page, 'Shared. Everyone here can see it now.')
  return new URL(page.url()).pathname
}

/** It stands in the feed of this week, by its topic, and among what she follows. */
async function keepsInSight(page: Page, look: Look, address: string) {
  await page.goto('/')
  await page.getByRole('navigation', { name: 'Feeds' }).getByRole('link', { name: 'This week' }).click()
  await reads(page, 'The operation on her lighthouse.')
  await page.getByText('Every topic').first().click()
  await page.getByRole('link', { name: 'Health' }).click()
  await reads(page, 'The operation on her lighthouse.')
  await look(page)
  await opensMore(page)
  await page.getByRole('button', { name: 'Follow this' }).click()
  await page.getByRole('navigation', { name: 'Feeds' }).getByRole('link', { name: 'Followed' }).click()
  await page.getByRole('heading', { name: 'Followed' }).waitFor()
  assert.equal(await page.getByRole('article').count(), 1)
  await page.goto(address)
}

async function praysThrough(page: Page, look: Look) {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Pray', exact: true })
    .click()
  await page.getByLabel('5 requests').check()
  await page.getByRole('button', { name: 'Begin' }).click()
  await reads(page, '1 of 1')
  assert.equal(await page.getByRole('navigation').count(), 0, 'nothing else is on the screen')
  await look(page)
  await page.getByRole('button', { name: 'No longer follow' }).click()
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await page.getByRole('button', { name: 'Prayed', exact: true }).click()
  await page.getByRole('heading', { name: 'You prayed for 1 person' }).waitFor()
  await page.getByRole('link', { name: 'To the prayers' }).click()
  await reads(page, 'Prayed just now')
}

async function encourages(page: Page, address: string) {
  await page.goto(address)
  await opensMore(page)
  await page.getByRole('link', { name: 'Encourage whoever asked' }).click()
  await page.getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Send it' }).click()
  await reads(page, 'Sent. They will read it tomorrow morning.')
}

/** She changes the words, tells how it goes on, and what became of it. */
async function goesOn(page: Page, look: Look, address: string) {
  await page.goto(address)
  await opensMore(page)
  await page.getByRole('link', { name: 'Tell how it goes on' }).click()
  await page.getByRole('textbox').first().fill('She is awake.')
  await page.getByRole('main').getByRole('button').first().click()
  await reads(page, 'She is awake.')
  await opensMore(page)
  await page.getByRole('link', { name: 'It was answered' }).click()
  await page.getByLabel('How was it answered?').fill('The light is on again.')
  await page.getByRole('button', { name: 'It was answered' }).click()
  await reads(page, 'The light is on again.')
  await look(page)
}

/** Who prayed hears of both, and reads it among what was answered. */
async function hearsOfIt(page: Page, look: Look, house: House) {
  await page.goto('/')
  await page.getByRole('link', { name: /^Notices/ }).click()
  await page.getByRole('heading', { name: 'Notices' }).waitFor()
  await reads(page, 'What Ann asked is answered.')
  await reads(page, 'Ann has written how it goes on.')
  await look(page)
  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await page.getByText('New.').first().waitFor({ state: 'detached' })
  assert.equal(house.records('notices.read').length, 1)
  await page.goto('/answered')
  await reads(page, 'The light is on again.')
  await look(page)
}

async function isFound(page: Page, look: Look, address: string) {
  await page.goto('/')
  await page.getByRole('link', { name: 'Search' }).click()
  await page.getByLabel('Words or a name').fill('lightho')
  await page.getByRole('button', { name: 'Look' }).click()
  assert.deepEqual(await page.locator('mark').allInnerTexts(), ['lighthouse'])
  await look(page)
  await page.getByRole('article').getByRole('link', { name: 'Ann' }).click()
  assert.equal(new URL(page.url()).pathname, address)
  await page.goto('/search?q=volcano')
  await reads(page, 'Nothing found for "volcano" among what you can see.')
}

async function isBroughtBack(author: Page, reader: Page, address: string) {
  await author.goto(address)
  await opensMore(author)
  await author.getByRole('button', { name: 'Bring it back' }).click()
  await author.waitForLoadState()
  await reader.goto('/')
  await reads(reader, 'The operation on her lighthouse.')
  await reader.goto('/answered')
  assert.equal(await reader.getByText('The light is on again.').count(), 0)
}
