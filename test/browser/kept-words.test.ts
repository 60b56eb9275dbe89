import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { asks, claims, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without'

  test(`the browser's own way back from the preview leads to the words ${how} JavaScript`, async (t) => {
    const house = await openHouse(t)
    const ruth = await someone(t, browser, house, { javaScriptEnabled })
    await claims(ruth, house.firstLink, 'Ruth')
    await ruth.goto('/prayers/new')
    await ruth.getByLabel('What shall we pray for?').fill('Words of an hour.')
    await ruth.getByRole('button', { name: 'Continue' }).click()
    await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
    await ruth.goBack()
    assert.equal(await ruth.getByLabel('What shall we pray for?').inputValue(), 'Words of an hour.')
  })

  test(`while nothing can be saved the site says so, and keeps the words, ${how} JavaScript`, async (t) => {
    const house = await openHouse(t)
    const ruth = await someone(t, browser, house, { javaScriptEnabled })
    await claims(ruth, house.firstLink, 'Ruth')
    await asks(ruth, 'A request from before.')
    await ruth.goto('/prayers/new')
    const before = house.archive()

    await house.restart({ ARCHIVE_READ_ONLY: 'true' })
    const banner = ruth.getByText('You can read, but nothing can be saved just now.')
    await ruth.getByLabel('What shall we pray for?').fill('Words of an hour.')
    await ruth.getByText('More choices').click()
    await ruth.getByLabel('Who is it for?').fill('Lydia')
    await ruth.getByLabel('They know of it, and agree').check()
    await ruth.getByRole('button', { name: 'Continue' }).click()
    await banner.waitFor()
    const answer = ruth.waitForResponse(`${house.url}/prayers`)
    await ruth.getByRole('button', { name: 'Share with everyone here' }).click()
    assert.equal((await answer).status(), 503)
    await ruth.getByRole('alert').getByText('That did not save. Your words are still here.').waitFor()
    assert.equal(await ruth.getByLabel('What shall we pray for?').inputValue(), 'Words of an hour.')
    assert.equal(await ruth.getByLabel('Who is it for?').inputValue(), 'Lydia')

    const writing = await ruth.context().newPage()
    await writing.goto('/')
    await writing.getByText('You can read, but nothing can be saved just now.').waitFor()
    await writing.getByText('A request from before.').waitFor()
    await writing.getByRole('button', { name: 'I prayed' }).click()
    await writing.getByRole('heading', { name: 'That did not save' }).waitFor()
    assert.equal(house.archive(), before)

    // The page was left open, and what is on it can be sent when the disk takes something again.
    await house.restart()
    await ruth.getByRole('button', { name: 'Continue' }).click()
    await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
    assert.equal(await banner.count(), 0)
    await ruth.getByRole('button', { name: 'Share with everyone here' }).click()
    await ruth.getByText('Shared. Everyone here can see it now.').waitFor()
    assert.ok(house.archive().includes('| Words of an hour.\n'))
  })
}
