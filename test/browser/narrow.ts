import assert from 'node:assert/strict'
import type { CDPSession, Page } from 'playwright-core'
import { rootOf } from './root.ts'

/** The width of the window, and the size of letters that its reader has chosen in the browser, in pixels. */
export const windows = [
  { width: 320, letters: 16 },
  { width: 320, letters: 32 },
  { width: 700, letters: 16 },
  { width: 1100, letters: 16 },
] as const

/** Sets the window and the letters, and looks that they are so. */
export async function looksFrom(page: Page, width: number, letters: number) {
  await setsWindow(page, width, letters)
  await page.goto('/')
  await hasLetters(page, letters)
}

/** Whether nothing on this page is cut off or has to be scrolled sideways. */
export async function fits(page: Page, what: string) {
  assert.deepEqual(await cutOn(page), [], what)
}

/** What does not fit on this page in any of the windows; it stands as it stood in the first when this is over. */
export async function cutInWindows(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const { width, letters } of windows) {
    await setsWindow(page, width, letters)
    await hasLetters(page, letters)
    found.push(...(await cutOn(page)).map((cut) => `${width} px wide, letters of ${letters} px: ${cut}`))
  }
  await setsWindow(page, windows[0].width, windows[0].letters)
  return found
}

const sessions = new WeakMap<Page, CDPSession>()

async function setsWindow(page: Page, width: number, letters: number) {
  await page.setViewportSize({ width, height: 700 })
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  await session.send('Page.setFontSizes', { fontSizes: { standard: letters, fixed: letters } })
}

async function hasLetters(page: Page, letters: number) {
  const size = await (await rootOf(page)).evaluate(
    (html) => html.ownerDocument.defaultView.getComputedStyle(html).fontSize,
  )
  assert.equal(Number.parseFloat(size), letters * 1.125)
}

async function cutOn(page: Page): Promise<string[]> {
  return (await rootOf(page)).evaluate((html) => {
    const document = html.ownerDocument
    const { width } = html.getBoundingClientRect()
    const isCut = (element: typeof html) => {
      const { left, right } = element.getBoundingClientRect()
      const isUnseen = element.closest('.unseen, .skip, .trap, svg')
      // What is longer than its line in a form scrolls there, as everywhere.
      const overflows = !element.matches('input') && element.scrollWidth > element.clientWidth + 1
      return !isUnseen && (left < -1 || right > width + 1 || overflows)
    }
    // An element without a box of its own has no client width.
    const boxes = [...document.querySelectorAll('body *')].filter((element) => element.clientWidth > 0)
    const sideways = html.scrollWidth - html.clientWidth
    return [
      ...(sideways === 0 ? [] : [`${sideways} px have to be scrolled to`]),
      ...boxes.filter(isCut).map((element) => `cut off: ${element.outerHTML.slice(0, 100)}`),
    ]
  })
}
