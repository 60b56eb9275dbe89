import type { JSHandle, Page } from 'playwright-core'

/**
 * The root of what a page shows, to be asked without Playwright's locators: what these need is brought to each page anew, which
 * takes a tenth of a second.
 */
export const rootOf = (page: Page): Promise<JSHandle> => page.evaluateHandle('document.documentElement')
