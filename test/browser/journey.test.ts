import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { asks, claims, desktop, inviteTo, phone, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

/** What looks like the archive's own lines, like a program, or like no letters at all. */
const hostile = [
  '= abc',
  '@1 2026-11-22T07:00:00.000Z archive.opened/1',
  '| x',
  '~y',
  '  <script>alert("1")</script> & <b>\'bold\'</b> {{it}} <%= it %>',
  '',
  'אנא התפללו עבור אמי (בת 80), תודה',
  'صلّوا من أجل أمي',
  'emoji: 🙏🏽 👨‍👩‍👧 🕯️, 1\u00a0000 × ½',
].join('\n')

for (const [device, viewport] of Object.entries({ 'a phone': phone, 'a desktop': desktop })) {
  for (const javaScriptEnabled of [true, false]) {
    const how = `on ${device} ${javaScriptEnabled ? 'with' : 'without'} JavaScript`
    test(`a community begins, asks, prays, leaves and comes back ${how}`, async (t) => {
      const house = await openHouse(t)
      const comes = () => someone(t, browser, house, { viewport, javaScriptEnabled })

      // Ruth opens the first link, twice: looking uses nothing up.
      const ruth = await comes()
      await ruth.goto(house.firstLink)
      await ruth.reload()
      assert.deepEqual(house.records('member.joined'), [])
      await claims(ruth, house.firstLink, 'Ruth')
      await reads(ruth, 'No requests yet. When someone asks for prayer, it will be here.')

      // Ann comes by an invite that another process made meanwhile.
      const ann = await comes()
      await claims(ann, await inviteTo(house), 'Ann')

      // She writes, checks, goes back, writes something else, and shares.
      await ann.getByRole('link', { name: 'Ask for prayer' }).click()
      await ann.getByLabel('What shall we pray for?').fill('My mother.')
      await ann.getByText('More choices').click()
      await ann.getByLabel('Who is it for?').fill('Lydia')
      await ann.getByLabel('They know of it, and agree').check()
      await ann.getByRole('button', { name: 'Continue' }).click()
      await reads(ann, 'Everyone here (2 people) will see this, with your name.')
      assert.equal(await words(ann), 'My mother.')
      await ann.getByRole('button', { name: 'Change the words' }).click()
      assert.equal(await ann.getByLabel('What shall we pray for?').inputValue(), 'My mother.')
      assert.equal(await ann.getByLabel('Who is it for?').inputValue(), 'Lydia')
      await ann.getByLabel('What shall we pray for?').fill(hostile)
      await ann.getByRole('button', { name: 'Continue' }).click()
      assert.equal(await words(ann), hostile)
      assert.deepEqual(house.records('prayer.posted'), [], 'nothing is shared yet')
      const sent = await fieldsOf(ann)
      await ann.getByRole('button', { name: 'Share with everyone here' }).dblclick()
      await reads(ann, 'Shared. Everyone here can see it now.')
      const address = new URL(ann.url()).pathname
      assert.equal(await words(ann), hostile)

      // However often it is sent, it is one request.
      const again = await ann.request.post('/prayers', { form: sent, maxRedirects: 0 })
      assert.equal(again.headers().location, address)
      await goesBackAndForth(ann)
      await ann.waitForURL(`**${address}`)
      assert.equal(house.records('prayer.posted').length, 1)
      assert.ok(house.archive().includes(hostile.replace(/^(?=.)/gm, '| ').replace(/^$/gm, '|')), 'readable')

      // Ruth finds it, prays, takes it back, and prays again.
      await ruth.goto('/')
      const card = ruth.getByRole('article')
      assert.equal(await card.getByRole('heading').innerText(), 'Ann for Lydia')
      assert.equal(await words(ruth), hostile)
      await card.getByRole('button', { name: 'I prayed' }).click()
      await card.getByText('1 person has prayed').waitFor()
      await card.getByRole('button', { name: 'undo' }).click()
      await card.getByRole('button', { name: 'I prayed' }).waitFor()
      assert.equal(await card.getByText('prayed', { exact: false }).count(), 1, 'nobody is said to have')
      await card.getByRole('button', { name: 'I prayed' }).click()
      await card.getByText('Prayed just now').waitFor()
      assert.equal(new URL(ruth.url()).pathname, '/')

      // Everyone sees how many, and the author alone who.
      await ann.goto('/')
      await ann.getByRole('button', { name: 'I prayed' }).click()
      await ann.getByText('2 people have prayed').waitFor()
      await ann.goto(address)
      await reads(ann, 'Only you can see these names.')
      assert.deepEqual(await ann.getByRole('listitem').allInnerTexts(), ['Ann', 'Ruth'])
      await ruth.goto(address)
      await reads(ruth, '2 people have prayed')
      assert.equal(await ruth.getByText('Only you can see these names.').count(), 0)
      assert.equal(await ruth.getByRole('main').getByText('Ruth').count(), 0)

      await readsThroughOlder(ruth)

      // Ann signs out, is told first what that means, and sees no more than a stranger does.
      await ann.getByRole('link', { name: 'Sign out' }).click()
      await reads(ann, 'You have no way back in yet.')
      await ann.getByRole('button', { name: 'Sign out' }).click()
      await ann.getByRole('heading', { name: 'Ask for prayer. Pray for one another.' }).waitFor()
      await seesOnlyTheSignInPage(ann, address)

      // She comes back by a link, which works once.
      const { url: link } = await house.thywill('login-link', 'ann')
      await ann.goto(String(link))
      await ann.reload()
      await ann.getByRole('button', { name: 'Sign in' }).click()
      await ann.getByRole('heading', { name: 'Prayers', exact: true }).waitFor()
      await ann.goto(address)
      await reads(ann, 'Only you can see these names.')
      const stranger = await comes()
      const used = await stranger.goto(String(link))
      assert.equal(used?.status(), 410)
      await reads(stranger, 'This link has been used, and each works once.')
    })
  }
}

const reads = (page: Page, sentence: string) => page.getByText(sentence).first().waitFor()

/** The request that stands first, as it can be read. */
const words = async (page: Page) => (await page.locator('.words').first().innerText()).replace(/\n+$/, '')

/** What the form of the preview holds. */
async function fieldsOf(page: Page): Promise<Record<string, string>> {
  const fields = await page.locator('main form input').all()
  const pairs = fields.map(async (field) => [await field.getAttribute('name'), await field.inputValue()])
  return Object.fromEntries(await Promise.all(pairs))
}

/** Before Chrome sends the preview once more it says so on a page of its own; nothing is sent by going back and forth. */
async function goesBackAndForth(page: Page) {
  await page.goBack().catch((error: Error) => assert.match(error.message, /net::ERR_CACHE_MISS/))
  await page.waitForURL('chrome-error://**')
  await page.goForward()
}

/** 23 more requests, then every one of them read once, newest first. */
async function readsThroughOlder(page: Page) {
  for (let number = 1; number <= 23; number++) await asks(page, `Request ${number}`)
  await page.goto('/')
  const first = await page.locator('.words').allInnerTexts()
  await page.getByRole('link', { name: 'Older' }).click()
  await page.waitForURL('**/feed?before=*')
  const second = await page.locator('.words').allInnerTexts()
  assert.deepEqual([first.length, second.length], [20, 4])
  const expected = Array.from({ length: 23 }, (_, number) => `Request ${23 - number}`)
  assert.deepEqual(
    [...first, ...second.slice(0, 3)].map((text) => text.trim()),
    expected,
  )
  assert.equal(await page.getByRole('link', { name: 'Older' }).count(), 0)
  await page.getByRole('link', { name: 'Newest' }).click()
  await page.getByText('Request 23', { exact: true }).waitFor()
}

/** What is hidden and what was never here look alike. */
async function seesOnlyTheSignInPage(page: Page, address: string) {
  const seen = new Set<string>()
  for (const path of ['/feed', '/prayers/new', address, '/prayers/p_0000000000000000', '/nowhere']) {
    const answer = await page.goto(path)
    assert.equal(answer?.status(), 401, path)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    // Only the forms know where this person wanted to go.
    seen.add((await page.content()).replace(/data-now="[^"]*"|name="next" value="[^"]*"/g, ''))
  }
  assert.equal(seen.size, 1)
}
