import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { isOpenToAll } from './barriers.ts'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { asks, claims, inviteTo, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

// Every page as it usually stands is looked at in every-page.test.ts.
test('what only comes about by doing has no barrier that axe knows, narrow or wide, in light or in dark', async (t) => {
  const house = await openHouse(t)
  const comes = () => someone(t, browser, house)
  const [visitor, ruth, ann] = [await comes(), await comes(), await comes()]

  await visitor.goto(house.firstLink)
  await isOpenToAll(visitor, 'the first link')
  await claims(ruth, house.firstLink, 'Ruth')
  await isOpenToAll(ruth, 'an empty feed')
  const used = await visitor.goto(house.firstLink)
  assert.equal(used?.status(), 410)
  await isOpenToAll(visitor, 'a link that was used')

  await claims(ann, await inviteTo(house), 'Ann')
  await ann.goto(await inviteTo(house))
  await isOpenToAll(ann, 'a link for somebody who belongs here already')
  const address = await asks(ann, 'אנא התפללו עבורי')
  await ruth.goto('/')
  await ruth.getByRole('button', { name: 'I prayed' }).click()
  await ruth.getByRole('article').getByText('Prayed just now').waitFor()
  await isOpenToAll(ruth, 'the feed, after a mark')
  await ann.goto(address)
  await ann.getByText('Only you can see these names.').waitFor()
  await isOpenToAll(ann, "a request of one's own, just prayed for")
  await ann.goto('/sign-out')
  await isOpenToAll(ann, 'signing out without a way back')

  await house.restart({ ARCHIVE_READ_ONLY: 'true' })
  await ann.goto('/prayers/new')
  await ann.getByLabel('What shall we pray for?').fill('Please.')
  await ann.getByRole('button', { name: 'Continue' }).click()
  await ann.getByRole('button', { name: 'Share with everyone here' }).click()
  await ann.getByRole('alert').waitFor()
  await isOpenToAll(ann, 'what could not be saved')
})
