import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { mailServer } from '../tools/mail-server.ts'
import { isOpenToAll } from './barriers.ts'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { fits, looksFrom } from './narrow.ts'
import { claims, inviteTo, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

/** Whether anybody can use this page, also with large letters in a narrow window. */
async function isWell(page: Page, what: string) {
  await isOpenToAll(page, what)
  const place = page.url()
  await looksFrom(page, 320, 32)
  await page.goto(place)
  await fits(page, what)
  await looksFrom(page, 360, 16)
  await page.goto(place)
}

test('two browsers at once: one waits without JavaScript, the other lets it in', async (t) => {
  const house = await openHouse(t)
  const mail = await mailServer(t)
  await house.restart({ MAIL_URL: mail.url, MAIL_FROM: 'ThyWill <pray@mail.example>' })
  const name = 'Donaudampfschifffahrtsgesellschaftsfrau'
  const ruth = await someone(t, browser, house)
  await claims(ruth, await inviteTo(house), name)

  const fresh = await someone(t, browser, house, { javaScriptEnabled: false })
  await fresh.goto('/sign-in')
  await fresh.getByLabel('Your name here', { exact: true }).fill(name)
  await fresh.getByRole('button', { name: 'Show me the number' }).click()
  await fresh.getByRole('heading', { name: 'Waiting to be let in' }).waitFor()
  const number = await fresh.locator('.code').textContent()
  assert.match(number ?? '', /^\d{3} \d{3}$/)

  await ruth.goto('/')
  await ruth.getByRole('link', { name: 'Somebody wants to come in as you. Was this you?' }).click()
  await isWell(ruth, 'somebody wants to come in')
  await ruth.getByLabel('The number that the other device shows').fill('000000')
  await ruth.getByRole('button', { name: 'Let me in there' }).click()
  await ruth.getByRole('alert').waitFor()
  await isOpenToAll(ruth, 'a wrong number')
  await ruth.getByLabel('The number that the other device shows').fill(number ?? '')
  await ruth.getByRole('button', { name: 'Let me in there' }).click()
  await ruth.getByText('The other device can come in now').waitFor()

  // It looks again by itself.
  await fresh.getByRole('button', { name: 'Come in' }).waitFor({ timeout: 20_000 })
  await fresh.getByRole('button', { name: 'Come in' }).click()
  await fresh.getByRole('heading', { name: 'Prayers', exact: true }).waitFor()

  const third = await someone(t, browser, house)
  await third.goto('/sign-in')
  await third.getByLabel('Your name here', { exact: true }).fill(name)
  await third.getByRole('button', { name: 'Show me the number' }).click()
  await isWell(third, 'waiting at the door')
  await isWell(ruth, 'what came of it')
  await ruth.goto('/me/sign-ins')
  await isWell(ruth, 'who wanted to come in')

  await ruth.goto('/me/address')
  await ruth.getByLabel('Mail address').fill('a.rather.long.address.of.somebody.with.patience@mail.example')
  await ruth.getByRole('button', { name: 'Send the letter' }).click()
  await ruth.getByLabel('The number in the letter').waitFor()
  await isWell(ruth, 'an address, and its number')
  await third.goto('/sign-in')
  await third.getByLabel('Your name here, or your mail address').fill(name)
  await third.getByRole('button', { name: 'Send me a letter' }).click()
  await third.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await isWell(third, 'a letter is on its way')
})
