import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { asks, claims, inviteTo, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

/** The width of the window, and the size of letters that its reader has chosen in the browser, in pixels. */
const windows = [
  { width: 320, letters: 16 },
  { width: 320, letters: 32 },
  { width: 700, letters: 16 },
  { width: 1100, letters: 16 },
] as const

const endless = 'W'.repeat(600)
const address = `https://example.org/${'a-long-path/'.repeat(20)}?${'q'.repeat(100)}`

test('nothing is cut off or has to be scrolled sideways, in a narrow window or in large letters', async (t) => {
  const house = await openHouse(t)
  const [visitor, ruth, ann] = [
    await someone(t, browser, house),
    await someone(t, browser, house),
    await someone(t, browser, house),
  ]
  await claims(ruth, house.firstLink, 'W'.repeat(40))
  await claims(ann, await inviteTo(house), 'Ann')
  for (let number = 1; number <= 20; number++) await asks(ann, `Request ${number}`)
  const long = await asks(
    ruth,
    `${endless}\n${address}\n| a | table | of | many | columns |\n${'word '.repeat(300)}`,
  )
  for (const page of [ruth, ann]) await page.request.post(`${long}/marks`, { form: {} })
  const { url: loginLink } = await house.thywill('login-link', 'Ann')

  const pages: readonly [Page, string][] = [
    ...['/', '/sign-in', '/nowhere', await inviteTo(house), String(loginLink)].map((path): [Page, string] => [
      visitor,
      path,
    ]),
    ...['/', '/feed?before=12', long, '/prayers/new', '/sign-out', '/nowhere'].map((path): [Page, string] => [
      ruth,
      path,
    ]),
    [ann, long],
  ]
  for (const { width, letters } of windows) {
    for (const page of [visitor, ruth, ann]) await looksFrom(page, width, letters)
    for (const [page, path] of pages) {
      await page.goto(path)
      await fits(page, `${path}, ${width} px wide, letters of ${letters} px`)
    }
    await ruth.goto('/prayers/new')
    await ruth.getByLabel('What shall we pray for?').fill(endless)
    await ruth.getByLabel('Who is it for?').fill('W'.repeat(60))
    await ruth.getByRole('button', { name: 'Check your words' }).click()
    await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
    await fits(ruth, `the preview, ${width} px wide, letters of ${letters} px`)
  }
})

async function looksFrom(page: Page, width: number, letters: number) {
  await page.setViewportSize({ width, height: 700 })
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setFontSizes', { fontSizes: { standard: letters, fixed: letters } })
  await page.goto('/')
  const size = await page
    .locator('html')
    .evaluate((html) => html.ownerDocument.defaultView.getComputedStyle(html).fontSize)
  assert.equal(Number.parseFloat(size), letters * 1.125)
}

async function fits(page: Page, what: string) {
  const cut = await page.locator('html').evaluate((html) => {
    const document = html.ownerDocument
    const { width } = html.getBoundingClientRect()
    const isCut = (element: typeof html) => {
      const { left, right } = element.getBoundingClientRect()
      const isUnseen = element.closest('.unseen, .skip, svg')
      return !isUnseen && (left < -1 || right > width + 1 || element.scrollWidth > element.clientWidth + 1)
    }
    // An element without a box of its own has no client width.
    const boxes = [...document.querySelectorAll('body *')].filter((element) => element.clientWidth > 0)
    return {
      sideways: html.scrollWidth - html.clientWidth,
      cut: boxes.filter(isCut).map((element) => element.outerHTML.slice(0, 100)),
    }
  })
  assert.deepEqual(cut, { sideways: 0, cut: [] }, what)
}
