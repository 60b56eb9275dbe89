import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { seedArchive } from '../../src/cli/seed.ts'
import { readConfig } from '../../src/config.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { type OperatorCommand, performAsOperator } from '../../src/operator.ts'
import { usualEnd } from '../../src/seed/community.ts'
import { demoCommunity } from '../../src/seed/demo.ts'
import { buildApp } from '../../src/web/app.ts'
import type { Site } from '../../src/web/site.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { openBrowser } from './chromium.ts'
import { freePort } from './house.ts'
import { asks, desktop, phone } from './person.ts'
import { packed } from './png.ts'

/*
 * Pictures of the pages, for the README and for looking at: the demo community on the evening of its last day, the same
 * at every run. Fonts are the machine's; Debian's fonts-noto-core and fonts-noto-color-emoji have every letter in them.
 */

const folder = resolve(import.meta.dirname, '../../docs/screens')
const browser = await openBrowser()
const demo = await openDemo()
try {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await photograph(browser)
} finally {
  await browser.close()
  await demo.close()
}
for (const name of readdirSync(folder)) process.stdout.write(`docs/screens/${name}\n`)

async function photograph(browser: Browser) {
  const visitor = await somebody(browser)
  const ruth = await somebody(browser, 'Imogen Elderfield')
  const asker = await somebody(browser, 'Käthe Abendroth')
  const third = await somebody(browser, 'Rufus')

  demo.passes(2 * hours)
  await asks(third, 'My father has his first day at work again tomorrow, after eleven months at home. Pray that they are kind to him, and that he is kind to himself.')
  demo.passes(3 * hours)
  const address = await asks(asker, 'Our little one is in hospital since this morning with a high fever. The doctors are not worried yet, but we are.\n\nPlease pray for a quiet night, for good people on the ward, and for her big brother, who is staying with the neighbours.')
  demo.passes(12 * minutes)
  await third.request.post(`${address}/marks`, { form: {} })
  await ruth.request.post(`${address}/marks`, { form: {} })
  demo.passes(25 * minutes)

  await ruth.goto('/')
  await ruth.getByRole('button', { name: 'I prayed' }).nth(1).click()
  await ruth.getByRole('article').getByText('Prayed just now').waitFor()
  await ruth.locator('h1').focus().catch(() => {})
  await onDesktop(ruth, 'feed', 'light')
  await onDesktop(ruth, 'feed-dark', 'dark')
  await onPhones(ruth, 'feed-phone')

  await asker.goto(address)
  await onDesktop(asker, 'request', 'light')
  await onPhones(asker, 'request-phone')

  await visitor.goto('/')
  await onDesktop(visitor, 'home-dark', 'dark')
  await onPhones(visitor, 'home-phone')
  await visitor.goto('/sign-in')
  await onPhones(visitor, 'sign-in-phone')
  const { token } = await demo.does('issueInvite', { admin: false, seats: 1, hours: 1 })
  await visitor.goto(`/claim/${token}`)
  await visitor.getByLabel('Your name').fill('Rufus')
  await onPhones(visitor, 'claim-phone')

  await ruth.goto('/prayers/new')
  await ruth.getByLabel('What shall we pray for?').fill(words)
  await ruth.getByLabel('Who is it for?').fill('my sister')
  await onPhones(ruth, 'ask-phone')
  await ruth.getByRole('button', { name: 'Check your words' }).click()
  await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
  await onDesktop(ruth, 'preview', 'light')
  await ruth.goto('/sign-out')
  await onPhones(ruth, 'sign-out-phone')
  await ruth.goto('/nowhere')
  await onPhones(ruth, 'nothing-here-phone')
}
const words = 'She starts her new treatment on Monday.\n\nPray that she can sleep, and that she lets us help.'

async function somebody(browser: Browser, name?: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: demo.url, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' })
  const page = await context.newPage()
  if (name === undefined) return page
  const { token } = await demo.does('issueLoginLink', { name })
  await page.request.post(`/sign-in/${token}`)
  return page
}

async function onDesktop(page: Page, name: string, colorScheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize(desktop)
  writeFileSync(join(folder, `${name}.png`), packed(await page.screenshot()))
}

/** The same page on a phone by day and by night. */
async function onPhones(page: Page, name: string) {
  await page.setViewportSize(phone)
  const shots: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    shots.push((await page.screenshot()).toString('base64'))
  }
  const sheet = await browser.newPage({ viewport: { width: 2 * phone.width + 60, height: phone.height + 40 } })
  const [day, night] = shots.map((shot) => `<img src="data:image/png;base64,${shot}" style="margin:20px 0 0 20px;float:left">`)
  await sheet.setContent(`<body style="margin:0;background:#808080">${day}${night}`)
  writeFileSync(join(folder, `${name}.png`), packed(await sheet.screenshot()))
  await sheet.close()
}

/** The demo community in a folder of its own, served with a clock that stands where it is put. */
async function openDemo() {
  const place = mkdtempSync(join(tmpdir(), 'thywill-screens-'))
  const port = await freePort()
  const config = readConfig({
    PORT: String(port),
    ARCHIVE_DIR: join(place, 'archives'),
    CACHE_DIR: join(place, 'cache'),
    SECRETS_DIR: join(place, 'secrets'),
    LOG_LEVEL: 'error',
  })
  const { seed, ...sizes } = demoCommunity
  await seedArchive(config, sizes, seed, usualEnd)
  let now = usualEnd
  const source = { ...world, now: () => now }
  const ledger = await openLedger({ ...ledgerOptions(config), source })
  const site: Site = {
    config,
    source,
    record: ledger.record,
    cache: ledger.cache,
    state: () => ({ writable: true }),
    readiness: () => ({ ready: true, phase: 'serving', percent: 100, etaSeconds: null }),
  }
  const app = await buildApp(site)
  await app.listen({ port })
  return {
    url: config.baseUrl,
    passes(milliseconds: number) {
      now += milliseconds
    },
    does: <Name extends OperatorCommand>(name: Name, input: unknown) => performAsOperator(ledger.record, name, input),
    async close() {
      await app.close()
      await ledger.close()
      rmSync(place, { recursive: true })
    },
  }
}
