import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { fits, looksFrom, windows } from './narrow.ts'
import { asks, claims, inviteTo, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

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
  await ruth.request.post('/me/words', { form: { about: endless.slice(0, 500) } })
  await ruth.goto('/people')
  const profile = (await ruth.getByRole('link', { name: 'W'.repeat(40) }).getAttribute('href')) ?? ''
  const label = { words: 'ക്ഷ'.repeat(13), symbol: '👩‍👩‍👧‍👦' }
  for (const words of [label.words, 'W'.repeat(40)])
    await ruth.request.post(`${profile}/labels`, { form: { ...label, words } })
  await ruth.request.post('/me/name', { form: { name: 'Ẃ'.repeat(40) } })
  const { url: loginLink } = await house.thywill('login-link', 'Ann')

  const pages: readonly [Page, string][] = [
    ...['/', '/help', '/sign-in', '/nowhere', await inviteTo(house), String(loginLink)].map(
      (path): [Page, string] => [visitor, path],
    ),
    ...['/', '/feed?before=12', long, '/prayers/new', '/sign-out', '/nowhere'].map((path): [Page, string] => [
      ruth,
      path,
    ]),
    [ann, long],
    ...['/people', `/people?q=${'W'.repeat(99)}`, profile, `${profile}/apart`, '/'].map(
      (path): [Page, string] => [ann, path],
    ),
    ...['/me', '/me/name', '/me/words', '/me/praying', '/me/apart', '/admin/apart', profile].map(
      (path): [Page, string] => [ruth, path],
    ),
  ]
  for (const { width, letters } of windows) {
    for (const page of [visitor, ruth, ann]) await looksFrom(page, width, letters)
    for (const [page, path] of pages) {
      await page.goto(path)
      await fits(page, `${path}, ${width} px wide, letters of ${letters} px`)
    }
    await ruth.goto('/prayers/new')
    await ruth.getByLabel('What shall we pray for?').fill(endless)
    await ruth.getByText('More choices').click()
    await ruth.getByLabel('Who is it for?').fill('W'.repeat(60))
    await ruth.getByLabel('They know of it, and agree').check()
    await ruth.getByRole('button', { name: 'Continue' }).click()
    await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
    await fits(ruth, `the preview, ${width} px wide, letters of ${letters} px`)
  }
})
