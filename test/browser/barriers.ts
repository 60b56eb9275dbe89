import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** So tall that the bar at the bottom of a phone covers nothing: axe would take what is under it for unreadable. */
const tall = 9000

const ways = [
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
  { width: 1200, colorScheme: 'light' },
] as const

/** Whether axe finds no barrier on what this page shows, narrow, wide, in light and in dark. */
export async function isOpenToAll(page: Page, what: string) {
  await page.evaluate(axeSource)
  for (const { width, colorScheme } of ways) {
    await page.setViewportSize({ width, height: tall })
    await page.emulateMedia({ colorScheme })
    // The page has `axe` since the first line; only the page knows its type.
    const found = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(tags)} })`)) as AxeResults
    assert.ok(found.passes.length > 30, `axe looked at ${what}`)
    const barriers = [...found.violations, ...found.incomplete].flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html}`),
    )
    assert.deepEqual(barriers, [], `${what}, ${width} px wide, in ${colorScheme}`)
  }
}
