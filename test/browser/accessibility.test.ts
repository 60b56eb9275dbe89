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

test('no page has a barrier that axe knows, in light or in dark', async (t) => {
  const house = await openHouse(t)
  const comes = () => someone(t, browser, house)
  const [visitor, ruth, ann] = [await comes(), await comes(), await comes()]

  await visitor.goto('/')
  await isOpenToAll(visitor, 'the public page')
  await visitor.goto('/help')
  await isOpenToAll(visitor, 'where help is')
  await visitor.goto('/sign-in')
  await isOpenToAll(visitor, 'the sign-in page')
  await visitor.getByLabel('Your sign-in link').fill('my link')
  await visitor.getByRole('button', { name: 'Go on' }).click()
  await visitor.getByRole('alert').waitFor()
  await isOpenToAll(visitor, 'what was pasted is no link')
  await visitor.goto(house.firstLink)
  await isOpenToAll(visitor, 'the first link')
  await visitor.getByLabel('Your name').fill('?')
  await visitor.getByRole('button', { name: 'Come in' }).click()
  await visitor.getByRole('alert').waitFor()
  await isOpenToAll(visitor, 'a name that will not do')

  await claims(ruth, house.firstLink, 'Ruth')
  await isOpenToAll(ruth, 'an empty feed')
  await claims(ann, await inviteTo(house), 'Ann')
  await ann.goto(await inviteTo(house))
  await isOpenToAll(ann, 'a link for somebody who belongs here already')
  const used = await visitor.goto(house.firstLink)
  assert.equal(used?.status(), 410)
  await isOpenToAll(visitor, 'a link that was used')

  for (let number = 1; number <= 21; number++)
    await asks(ann, `Request ${number}\n\n${'word '.repeat(number * 12)}`)
  const address = await asks(ann, 'אנא התפללו עבורי')
  await ruth.goto('/')
  await ruth.getByRole('button', { name: 'I prayed' }).nth(1).click()
  await ruth.getByText('Prayed just now').first().waitFor()
  await isOpenToAll(ruth, 'the feed, after a mark')
  await ruth.getByRole('link', { name: 'Older' }).click()
  await ruth.getByRole('link', { name: 'Newest' }).waitFor()
  await isOpenToAll(ruth, 'an older page of the feed')
  await ruth.goto(address)
  await ruth.getByRole('button', { name: 'I prayed' }).click()
  await ruth.getByText('1 person has prayed').waitFor()
  await isOpenToAll(ruth, 'a request')
  await ann.goto(address)
  await ann.getByText('Only you can see these names.').waitFor()
  await isOpenToAll(ann, "a request of one's own, just shared")

  await ann.goto('/prayers/new')
  await isOpenToAll(ann, 'asking for prayer')
  await ann.getByRole('button', { name: 'Continue' }).click()
  await ann.getByRole('alert').waitFor()
  await isOpenToAll(ann, 'no words')
  await ann.getByLabel('What shall we pray for?').fill('Please.')
  await ann.getByRole('button', { name: 'Continue' }).click()
  await ann.getByRole('heading', { name: 'Check your words' }).waitFor()
  await isOpenToAll(ann, 'the preview')

  await ann.goto('/nowhere')
  await isOpenToAll(ann, 'what is not there')
  await ann.goto('/sign-out')
  await isOpenToAll(ann, 'signing out without a way back')
  const { url } = await house.thywill('login-link', 'Ann')
  await ann.goto('/sign-out')
  await isOpenToAll(ann, 'signing out with a way back')
  await visitor.goto(String(url))
  await isOpenToAll(visitor, 'a sign-in link')

  await house.restart({ ARCHIVE_READ_ONLY: 'true' })
  await ann.goto('/prayers/new')
  await ann.getByLabel('What shall we pray for?').fill('Please.')
  await ann.getByRole('button', { name: 'Continue' }).click()
  await ann.getByRole('button', { name: 'Share with everyone here' }).click()
  await ann.getByRole('alert').waitFor()
  await isOpenToAll(ann, 'what could not be saved')
})
