import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { asks, claims, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

for (const { from, site, brings } of [
  { from: '127.0.0.1', site: 'cross-site', brings: 'without her cookie, which stays at home' },
  { from: 'localhost', site: 'same-site', brings: 'with her cookie' },
]) {
  test(`what ${from} makes her browser send, ${brings}, changes nothing`, async (t) => {
    const house = await openHouse(t)
    const ruth = await someone(t, browser, house)
    await claims(ruth, house.firstLink, 'Ruth')
    const address = await asks(ruth, 'Please.')
    const before = house.archive()
    const other = `http://${from}:${await otherSite(t, house.url)}`

    const context = await browser.newContext({ storageState: await ruth.context().storageState() })
    t.after(() => context.close())
    const page = await context.newPage()
    for (const path of ['/prayers', `${address}/marks`, '/sign-out', '/prayers/preview']) {
      const sent = page.waitForRequest(house.url + path)
      await page.goto(`${other}/form?to=${encodeURIComponent(path)}`)
      await page.waitForURL(house.url + path)
      await page.getByRole('heading', { name: 'Nothing was done' }).waitFor()
      await page
        .getByText('This came from another site, so nothing was done. Do it again from here.')
        .waitFor()
      const headers = await (await sent).allHeaders()
      assert.equal(headers['sec-fetch-site'], site)
      assert.equal(headers.origin, other)
      assert.equal(headers.cookie !== undefined, site === 'same-site')
      assert.equal((await (await sent).response())?.status(), 403)

      // A script is not even shown the answer.
      const failed = page.waitForEvent('requestfailed')
      await page.goto(`${other}/script?to=${encodeURIComponent(path)}`)
      assert.equal((await failed).url(), house.url + path)
      assert.match((await failed).failure()?.errorText ?? '', /BLOCKED_BY_RESPONSE/)
    }
    assert.equal(house.archive(), before)

    await page.goto(`${house.url}/feed`)
    await page.getByRole('heading', { name: 'Prayers', exact: true }).waitFor()
  })
}

test('every form and script of the site says where it comes from', async (t) => {
  for (const javaScriptEnabled of [true, false]) {
    const house = await openHouse(t)
    const ruth = await someone(t, browser, house, { javaScriptEnabled })
    const origins: Promise<string | undefined>[] = []
    ruth.on('request', (request) => {
      if (request.method() === 'POST') origins.push(request.allHeaders().then(({ origin }) => origin))
    })
    await claims(ruth, house.firstLink, 'Ruth')
    await ruth.goto('/prayers/new')
    await ruth.getByLabel('What shall we pray for?').fill('Please.')
    await ruth.getByRole('button', { name: 'Continue' }).click()
    await ruth.getByRole('button', { name: 'Share with everyone here' }).click()
    await ruth.getByRole('button', { name: 'I prayed' }).click()
    await ruth.getByRole('article').getByText('Prayed just now').waitFor()
    assert.deepEqual(await Promise.all(origins), Array(4).fill(house.url))
  }
})

test('a browser too old to say where it comes from can do everything', async (t) => {
  const house = await openHouse(t)
  const claimed = await posts(`${house.firstLink}`, { name: 'Ruth' })
  assert.equal(claimed.statusCode, 303)
  const cookie = (claimed.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
  const asked = await posts(`${house.url}/prayers`, { request: 'Please.' }, cookie)
  assert.equal(asked.statusCode, 303)
  assert.match(asked.headers.location ?? '', /^\/prayers\/p_/)
  assert.equal((await posts(`${house.url}${asked.headers.location}/marks`, {}, cookie)).statusCode, 303)
  assert.equal((await posts(`${house.url}/sign-out`, {}, cookie)).statusCode, 303)
  assert.equal(house.records('prayer.marked').length, 1)
  assert.equal(house.records('session.closed').length, 1)
})

test('nothing that somebody slipped into a page would run, and the console would say so', async (t) => {
  const house = await openHouse(t)
  const context = await browser.newContext()
  t.after(() => context.close())
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => errors.push(message.text()))
  await page.goto(house.url)
  assert.equal(errors.length, 0)
  await page.evaluate(
    `document.querySelector('main').append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:1/' }))`,
  )
  await page.evaluate(`document.querySelector('main').setAttribute('style', 'color: red')`)
  await assert.rejects(page.evaluate(`document.querySelector('main').innerHTML = '<b></b>'`), /TrustedHTML/)
  for (const rule of ['img-src', 'style-src', 'TrustedHTML'])
    assert.ok(
      errors.some((error) => error.includes(rule)),
      `${rule}: ${errors.join('\n')}`,
    )
})

/** Another site, whose pages post to the first one as soon as they are opened, with whatever cookies the browser has. */
async function otherSite(t: TestContext, home: string): Promise<number> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://other')
    const to = `${home}${searchParams.get('to')}`
    response.setHeader('content-type', 'text/html')
    response.end(
      pathname === '/form'
        ? `<form method="post" action="${to}"><input name="request" value="Send me money."></form><script>document.forms[0].submit()</script>`
        : `<script>fetch('${to}', { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams({ request: 'Send me money.' }) })</script>`,
    )
  }).listen(0)
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  return address.port
}

/** A POST with no header but what HTTP needs. */
async function posts(url: string, fields: Record<string, string>, cookie?: string) {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie && { cookie }) },
  })
  request.end(new URLSearchParams(fields).toString())
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  await text(response)
  assert.deepEqual(
    request.getRawHeaderNames().filter((name) => /^(sec-|origin|referer)/i.test(name)),
    [],
  )
  return response
}
