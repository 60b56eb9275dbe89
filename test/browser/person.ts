import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core'
import type { House } from './house.ts'

export const phone = { width: 360, height: 740 }
export const desktop = { width: 1200, height: 900 }

/** Somebody at a browser of their own. When the test ends, their browser must have had nothing to complain about. */
export async function someone(
  t: TestContext,
  browser: Browser,
  { url: baseURL }: Pick<House, 'url'>,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: phone, reducedMotion: 'reduce', baseURL, ...options })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isStatusOfPage(message))
      complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('request', (request) => {
    const isFromHere = request.isNavigationRequest() || new URL(request.url()).origin === baseURL
    if (!isFromHere) complaints.push(`${request.url()} was asked for`)
  })
  t.after(async () => {
    await context.close()
    assert.deepEqual(complaints, [], 'the browser has nothing to complain about')
  })
  return context.newPage()
}

/** Joins by a link, as a person does. */
export async function claims(page: Page, link: string, name: string) {
  await page.goto(link)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Come in' }).click()
  await page.getByRole('link', { name: 'Not now' }).click()
  await page.getByRole('heading', { name: 'Prayers', exact: true }).waitFor()
}

/** Asks for prayer, as the form does when the preview is sent; gives the address of the request. */
export async function asks(page: Page, request: string): Promise<string> {
  const answer = await page.request.post('/prayers', { form: { request }, maxRedirects: 0 })
  assert.equal(answer.status(), 303)
  return answer.headers().location ?? ''
}

/** A link that somebody can join by. */
export const inviteTo = async (house: House) => String((await house.thywill('invite')).url)

/** Chrome says so of every page that is not a 200; which pages are is for the tests to say. */
const isStatusOfPage = (message: ConsoleMessage) =>
  message.text().startsWith('Failed to load resource: the server responded with a status of') &&
  !message.location().url.includes('/assets/')
