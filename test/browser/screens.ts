import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { openBrowser } from './chromium.ts'
import { openDemo } from './demo.ts'
import { asks, desktop, phone } from './person.ts'
import { inFewColours } from './png.ts'

/*
 * `npm run screens`: pictures of the pages in docs/screens, for the README and for looking at. It is the same evening in
 * the demo community at every run. Letters are those of the machine: Debian's fonts-noto-core and fonts-noto-color-emoji
 * have all that occur.
 */

const folder = resolve(import.meta.dirname, '../../docs/screens')
const browser = await openBrowser()
const demo = await openDemo()
try {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await photograph()
} finally {
  await browser.close()
  await demo.close()
}

async function photograph() {
  const [visitor, imogen, kathe, rufus] = await Promise.all([
    somebody(),
    somebody('Imogen Elderfield'),
    somebody('Käthe Abendroth'),
    somebody('Rufus'),
  ])
  demo.passes(2 * hours)
  await asks(
    rufus,
    'My father has his first day at work again tomorrow, after eleven months at home. Pray that they are kind to him, ' +
      'and that he is kind to himself.',
  )
  demo.passes(3 * hours)
  const address = await asks(
    kathe,
    'Our little one has been in hospital since this morning, with a high fever. The doctors are not worried yet, but ' +
      'we are.\n\nPlease pray for a quiet night, for good people on the ward, and for her big brother, who is staying ' +
      'with the neighbours.',
  )
  demo.passes(12 * minutes)
  for (const page of [rufus, imogen]) await page.request.post(`${address}/marks`)
  demo.passes(25 * minutes)

  await imogen.goto('/')
  await imogen.getByRole('button', { name: 'I prayed' }).nth(1).click()
  await imogen.getByRole('article').getByText('Prayed just now').waitFor()
  // The button of an undo has the focus now, as it should; here it would only ask why.
  await imogen.locator(':focus').blur()
  await onDesktop('feed', imogen, 'light')
  await onDesktop('feed-dark', imogen, 'dark')
  await onPhones('feed-phone', await dayAndNight(imogen))

  await kathe.goto(address)
  await onDesktop('request', kathe, 'light')
  await onDesktop('request-dark', kathe, 'dark')
  await onPhones('request-phone', await dayAndNight(kathe))

  await imogen.goto('/prayers/new')
  await imogen
    .getByLabel('What shall we pray for?')
    .fill('She starts her new treatment on Monday.\n\nPray that she can sleep, and that she lets us help.')
  await imogen.getByText('More choices').click()
  await imogen.getByLabel('Who is it for?').fill('my sister')
  await imogen.getByLabel('They know of it, and agree').check()
  await onDesktop('ask', imogen, 'light')
  const asking = await dayAndNight(imogen)
  await imogen.getByRole('button', { name: 'Continue' }).click()
  await imogen.getByRole('heading', { name: 'Check your words' }).waitFor()
  await onDesktop('preview-dark', imogen, 'dark')
  const checking = await dayAndNight(imogen)
  await onPhones('ask-phone', asking, checking)

  await visitor.goto('/')
  await onDesktop('home', visitor, 'light')
  await onPhones('home-phone', await dayAndNight(visitor))
  const invite = await demo.does('issueInvite', { admin: false, seats: 1, hours: 1 })
  const loginLink = await demo.does('issueLoginLink', { name: 'Käthe Abendroth' })
  await visitor.goto(`/claim/${invite.token}`)
  const claiming = await dayAndNight(visitor)
  await visitor.goto('/sign-in')
  const signingIn = await dayAndNight(visitor)
  await visitor.goto(`/sign-in/${loginLink.token}`)
  await onPhones('coming-in-phone', claiming, signingIn, await dayAndNight(visitor))

  await rufus.goto('/sign-out')
  const signingOut = await dayAndNight(rufus)
  await rufus.goto('/nowhere')
  const nowhere = await dayAndNight(rufus)
  demo.savesNothing()
  await imogen.getByRole('button', { name: 'Share with everyone here' }).click()
  await imogen.getByRole('alert').waitFor()
  await onPhones('trouble-phone', signingOut, nowhere, await dayAndNight(imogen))
}

async function somebody(name?: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: demo.url, reducedMotion: 'reduce' })
  if (name !== undefined) {
    const { token } = await demo.does('issueLoginLink', { name })
    await context.request.post(`/sign-in/${token}`)
  }
  return context.newPage()
}

async function onDesktop(name: string, page: Page, colorScheme: 'light' | 'dark') {
  await page.setViewportSize(desktop)
  await page.emulateMedia({ colorScheme })
  save(name, await page.screenshot())
}

/** What is on the page, on a phone by day and by night. */
async function dayAndNight(page: Page): Promise<string> {
  await page.setViewportSize(phone)
  const pictures: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const picture = await page.screenshot()
    pictures.push(`<img src="data:image/png;base64,${picture.toString('base64')}">`)
  }
  return `<div>${pictures.join('')}</div>`
}

/** Several phones in one picture: two stand side by side, more have their nights below their days. */
async function onPhones(name: string, ...phones: string[]) {
  const columns = Math.max(2, phones.length)
  const size = { width: columns * 380 + 20, height: Math.ceil((2 * phones.length) / columns) * 760 + 20 }
  const sheet = await browser.newPage({ viewport: size })
  const direction = phones.length === 1 ? 'row' : 'column'
  await sheet.setContent(
    `<style>body { margin: 20px; background: #b8b2a7 } body, div { display: flex; gap: 20px } div { flex-direction: ${direction} }</style>` +
      phones.join(''),
  )
  save(name, await sheet.screenshot())
  await sheet.close()
}

function save(name: string, picture: Buffer) {
  writeFileSync(join(folder, `${name}.png`), inFewColours(picture))
  process.stdout.write(`docs/screens/${name}.png\n`)
}
