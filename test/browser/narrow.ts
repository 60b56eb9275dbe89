import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** The width of the window, and the size of letters that its reader has chosen in the browser, in pixels. */
export const windows = [
  { width: 320, letters: 16 },
  { width: 320, letters: 32 },
  { width: 700, letters: 16 },
  { width: 1100, letters: 16 },
] as const

/** Sets the window and the letters, and looks that they are so. */
export async function looksFrom(page: Page, width: number, letters: number) {
  await page.setViewportSize({ width, height: 700 })
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setFontSizes', { fontSizes: { standard: letters, fixed: letters } })
  await page.goto('/')
  const size = await page
    .locator('html')
    .evaluate((html) => html.ownerDocument.defaultView.getComputedStyle(html).fontSize)
  assert.equal(Number.parseFloat(size), letters * 1.125)
}

/** Whether nothing on this page is cut off or has to be scrolled sideways. */
export async function fits(page: Page, what: string) {
  const cut = await page.locator('html').evaluate((html) => {
    const document = html.ownerDocument
    const { width } = html.getBoundingClientRect()
    const isCut = (element: typeof html) => {
      const { left, right } = element.getBoundingClientRect()
      const isUnseen = element.closest('.unseen, .skip, svg')
      // What is longer than its line in a form scrolls there, as everywhere.
      const overflows = !element.matches('input') && element.scrollWidth > element.clientWidth + 1
      return !isUnseen && (left < -1 || right > width + 1 || overflows)
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
