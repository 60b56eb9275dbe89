import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { titles } from '../../src/web/titles.ts'
import { routesOf } from '../web/routes.ts'
import { actors } from '../web/scene.ts'
import { axeSource, barriersOn } from './barriers.ts'
import { openBrowser } from './chromium.ts'
import { type Crowded, crowded } from './crowded.ts'
import { unseenFocus } from './focus.ts'
import { deadButtons, onlySay } from './forms.ts'
import { cutInWindows } from './narrow.ts'
import { elsewhere, type Opening, openings, parameters } from './openings.ts'
import { someone } from './person.ts'
import { rootOf } from './root.ts'
import { saysWhatItShows, shownBy } from './shown.ts'

/*
 * Every page of the site in a real browser, with the longest words that fit anywhere. Where pages are is asked of the site:
 * each GET route is tried by everybody of the scene, and each different page that somebody gets is looked at. So a new page
 * needs nothing here, unless its address has more in it than the ids of the scene, or only a form brings it: then it needs
 * its line in openings.ts, and without it fails as `unopened` or `unseen`.
 */

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

test('every page can be read, reached and used by everybody, whatever was written there', async (t) => {
  const { routes, built: there } = await routesOf(() => crowded(t), saysWhatItIs)
  const { found, unopened } = await pagesOf(there, routes)
  const withScript = await someone(t, browser, there)
  const without = await someone(t, browser, there, { javaScriptEnabled: false })

  const wrong: string[] = []
  const shown = new Set<string>()
  for (const opening of found) {
    const page = await opens(withScript, there, opening)
    shown.add(page)
    const here = [
      ...(await cutInWindows(withScript)),
      ...(await unseenFocus(withScript)),
      ...(await barriersOn(withScript, axe)),
    ]
    if (await hasButtons(withScript)) {
      await opens(without, there, opening)
      here.push(...(await deadButtons(without)))
    }
    wrong.push(...here.map((words) => `${page}, ${opening.at}: ${words}`))
  }
  const unseen = Object.keys(titles).filter((page) => !shown.has(page) && !elsewhere.includes(page))
  assert.deepEqual({ wrong, unopened, unseen }, { wrong: [], unopened: [], unseen: [] })
})

const axe = '/axe.js'

const hasButtons = async (page: Page): Promise<boolean> =>
  (await rootOf(page)).evaluate((html) => html.querySelector('button') !== null)

/** Every answer of the site says which route it is of, and which page it shows; it does nothing where it should only say. */
function saysWhatItIs(site: FastifyInstance) {
  saysWhatItShows(site)
  site.addHook('onRequest', (request, reply, done) => {
    if (request.url === axe)
      return void reply.type('text/javascript').header('cache-control', 'max-age=3600').send(axeSource)
    const { url } = request.routeOptions
    if (url) reply.header('x-route', `${request.method} ${url}`)
    if (request.headers[onlySay]) {
      const { origin, 'content-type': type } = request.headers
      return void reply.code(204).header('x-type', type).header('x-origin', origin).send()
    }
    done()
  })
}

/** Each page that somebody gets at an address, once; and the routes at which nobody gets anything. */
async function pagesOf(there: Crowded, routes: ReadonlySet<string>) {
  const gets = [...routes].filter((route) => route.startsWith('GET '))
  const usual = gets.map((route): Opening => ({ at: addressOf(there, route) }))
  const found: Opening[] = []
  const opened = new Set<unknown>(elsewhere)
  for (const opening of [...usual, ...(await openings(there))]) {
    const { at, who, sends, agent } = opening
    if (sends) found.push(opening)
    const seen = new Set<unknown>()
    for (const person of who ? [who] : actors.toReversed().map((one) => there.browsers[one])) {
      if (sends) break
      const { statusCode, headers } = await person.get(at, agent ? { 'user-agent': agent } : {})
      if (statusCode < 400) opened.add(headers['x-route'])
      const page = shownBy(headers)
      if ((statusCode !== 200 && !who) || page === undefined || seen.has(page)) continue
      seen.add(page)
      found.push({ ...opening, who: person })
    }
  }
  return { found, unopened: gets.filter((route) => !opened.has(route)) }
}

const addressOf = (there: Crowded, route: string) =>
  route
    .replace('GET ', '')
    .replace(/:(\w+)/g, (_all, name: string) => parameters(there)[name] ?? 'x_0000000000000000')

/** Goes there, or sends the form, as this person; gives the page that it came to. */
async function opens(page: Page, { url }: Crowded, { at, who, sends, agent }: Opening): Promise<string> {
  const context = page.context()
  await context.clearCookies()
  await context.addCookies([...(who?.cookies ?? [])].map(([name, value]) => ({ name, value, url })))
  await page.setExtraHTTPHeaders(agent ? { 'user-agent': agent } : {})
  const answer = sends ? await posts(page, at, sends) : await page.goto(at)
  await (await rootOf(page)).evaluate((html) => {
    for (const part of html.querySelectorAll('details')) part.open = true
  })
  const shown = answer && shownBy(answer.headers())
  assert.ok(shown, `${at} is a page`)
  return shown
}

/** As a form on some page of this site would send it. */
async function posts(page: Page, at: string, fields: Readonly<Record<string, string>>) {
  await page.goto('/rules')
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest()),
    page.waitForEvent('load'),
    page.locator('body').evaluate(
      (body, { at, fields }) => {
        const document = body.ownerDocument
        const form = document.createElement('form')
        for (const [name, value] of Object.entries(fields)) {
          const field = document.createElement('textarea')
          Object.assign(field, { name, value })
          form.append(field)
        }
        Object.assign(form, { method: 'post', action: at })
        body.append(form)
        form.submit()
      },
      { at, fields },
    ),
  ])
  return answer
}
