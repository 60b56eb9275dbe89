import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { openDemo } from './demo.ts'
import { desktop, phone } from './person.ts'
import { listOf } from './pictures.ts'
import { inFewColours } from './png.ts'
import { shownBy } from './shown.ts'

export type Demo = Awaited<ReturnType<typeof openDemo>>
export type Camera = ReturnType<typeof cameraFor>

/** How one page looks on a phone by day and by night. */
export interface Phone {
  readonly shows: string
  readonly pictures: string
}

/** Takes pictures of the demo community and puts them into the folder; whole pages, or what a window shows. */
export function cameraFor(
  browser: Browser,
  demo: Demo,
  { folder, isWhole }: { readonly folder: string; readonly isWhole: boolean },
) {
  const shown = new WeakMap<Page, string>()
  const taken = new Map<string, readonly string[]>()
  return { somebody, onDesktop, onPaper, dayAndNight, onPhones, writeList }

  async function somebody(name?: string): Promise<Page> {
    const context = await browser.newContext({ baseURL: demo.url, reducedMotion: 'reduce' })
    if (name !== undefined) {
      const { token } = await demo.does('issueLoginLink', { name })
      await context.request.post(`/sign-in/${token}`)
    }
    const page = await context.newPage()
    page.on('response', (response) => {
      const name = shownBy(response.headers())
      if (name !== undefined && response.request().isNavigationRequest()) shown.set(page, name)
    })
    return page
  }

  async function onDesktop(name: string, page: Page, colorScheme: 'light' | 'dark') {
    await page.setViewportSize(desktop)
    await page.emulateMedia({ colorScheme })
    save(name, await page.screenshot({ fullPage: isWhole }), [showing(page)])
  }

  /** What a printer would make of it. */
  async function onPaper(name: string, page: Page) {
    await page.setViewportSize(desktop)
    await page.emulateMedia({ colorScheme: 'light', media: 'print' })
    save(name, await page.screenshot({ fullPage: isWhole }), [showing(page)])
    await page.emulateMedia({ media: 'screen' })
  }

  /** What is on the page, on a phone by day and by night. */
  async function dayAndNight(page: Page): Promise<Phone> {
    await page.setViewportSize(phone)
    const pictures: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const picture = await page.screenshot({ fullPage: isWhole })
      pictures.push(`<img src="data:image/png;base64,${picture.toString('base64')}">`)
    }
    return { shows: showing(page), pictures: `<div>${pictures.join('')}</div>` }
  }

  /** Several phones in one picture: two stand side by side, more have their nights below their days. */
  async function onPhones(name: string, ...phones: Phone[]) {
    const columns = Math.max(2, phones.length)
    const size = { width: columns * 380 + 20, height: Math.ceil((2 * phones.length) / columns) * 760 + 20 }
    const sheet = await browser.newPage({ viewport: size })
    const direction = phones.length === 1 ? 'row' : 'column'
    await sheet.setContent(
      `<style>body { margin: 20px; background: #b8b2a7 } body, div { display: flex; gap: 20px } div { flex-direction: ${direction} }</style>` +
        phones.map(({ pictures }) => pictures).join(''),
    )
    save(
      name,
      await sheet.screenshot(),
      phones.map(({ shows }) => shows),
    )
    await sheet.close()
  }

  /** Says in the folder which pages are on which picture. */
  function writeList() {
    writeFileSync(join(folder, 'README.md'), listOf(taken))
  }

  function showing(page: Page): string {
    const name = shown.get(page)
    if (name === undefined) throw new Error(`${page.url()} is no page of the site`)
    return name
  }

  function save(name: string, picture: Buffer, pages: readonly string[]) {
    writeFileSync(join(folder, `${name}.png`), inFewColours(picture))
    taken.set(name, pages)
    process.stdout.write(`${name}.png\n`)
  }
}

/** How these pages look to this person, each on a phone by day and by night. */
export const phonesOf =
  ({ dayAndNight }: Camera) =>
  async (page: Page, ...paths: string[]) => {
    const taken: Phone[] = []
    for (const path of paths) {
      await page.goto(path)
      taken.push(await dayAndNight(page))
    }
    return taken
  }

/** Sends a form; gives where the answer leads. */
export async function sends(page: Page, path: string, form: Record<string, string>): Promise<string> {
  const answer = await page.request.post(path, { form, maxRedirects: 0 })
  if (answer.status() !== 303) throw new Error(`${path} was answered with ${answer.status()}`)
  return answer.headers().location ?? ''
}
