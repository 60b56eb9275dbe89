import type { Page } from 'playwright-core'
import { rootOf } from './root.ts'

/** The header with which a browser asks that nothing is done: the answer says what would have been. */
export const onlySay = 'x-only-say'

/**
 * The buttons of this page that do nothing, or not what the site knows: it presses each of them. The site answers with the
 * headers `x-route`, `x-type` and `x-origin`, and does nothing.
 */
export async function deadButtons(page: Page): Promise<string[]> {
  const { origin } = new URL(page.url())
  const wrong: string[] = []
  await page.setExtraHTTPHeaders({ [onlySay]: 'yes' })
  await (await rootOf(page)).evaluate((html) => {
    for (const form of html.querySelectorAll('form')) form.noValidate = true
  })
  for (const button of await page.locator('button:visible').all()) {
    const name = `the button "${(await button.textContent())?.trim()}"`
    const [answer] = await Promise.all([
      page.waitForResponse(() => true, { timeout: 30_000 }).catch(() => undefined),
      button.click(),
    ])
    const { 'x-route': route, 'x-type': type, 'x-origin': from } = (await answer?.allHeaders()) ?? {}
    if (!answer) wrong.push(`${name} sends nothing`)
    else if (!route) wrong.push(`${name} sends to ${answer.url()}, which is nowhere`)
    else if (route.startsWith('POST') && (type !== 'application/x-www-form-urlencoded' || from !== origin))
      wrong.push(`${name} sends ${type} from ${from}`)
  }
  await page.setExtraHTTPHeaders({})
  return wrong
}
