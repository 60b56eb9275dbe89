import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

/** What a page needs to have looked for barriers. */
export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const barriersOnly: RunOptions = { resultTypes: ['violations', 'incomplete'], selectors: false }
const everything: RunOptions = {
  ...barriersOnly,
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
const colours: RunOptions = {
  ...barriersOnly,
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
}

/** So tall that the bar at the bottom of a phone covers nothing: axe would take what is under it for unreadable. */
const tall = 8000

const ways = [
  { width: 360, colorScheme: 'light', options: everything },
  { width: 360, colorScheme: 'dark', options: colours },
  { width: 1200, colorScheme: 'light', options: everything },
] as const

/** Whether axe finds no barrier on what this page shows, narrow and wide, and none that colours could be in dark. */
export async function isOpenToAll(page: Page, what: string) {
  await page.evaluate(axeSource)
  for (const way of ways)
    assert.deepEqual(await barriersIn(page, way), [], `${what}, ${way.width} px wide, in ${way.colorScheme}`)
}

/**
 * The barriers that axe finds on this page: all of them in light, and what colours could do in dark. The page has to get axe
 * at this address of the site, which costs a third of handing it over.
 */
export async function barriersOn(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(`import('${axe}')`)
  const light = await barriersIn(page, { width: 320, colorScheme: 'light', options: everything })
  const dark = await barriersIn(page, { width: 320, colorScheme: 'dark', options: colours })
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark.map((barrier) => `in dark, ${barrier}`)]
}

interface Way {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
  readonly options: RunOptions
}

async function barriersIn(page: Page, { width, colorScheme, options }: Way): Promise<string[]> {
  await page.setViewportSize({ width, height: tall })
  await page.emulateMedia({ colorScheme })
  // The page has `axe` by now; only the page knows its type.
  const found = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults
  const least = options === everything ? 30 : 0
  assert.ok(found.passes.length > least, `axe looked at ${page.url()}`)
  return [...found.violations, ...found.incomplete].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  )
}
