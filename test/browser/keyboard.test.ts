import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { asks, claims, desktop, inviteTo, phone, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

for (const { how, steps, ...options } of [
  { how: 'on a phone with JavaScript', steps: 0, viewport: phone },
  // The page is shown again, from the card on: its stops are the name, the time, the rest of the words, the button.
  { how: 'on a desktop without JavaScript', steps: 4, viewport: desktop, javaScriptEnabled: false },
]) {
  test(`everything can be done with the keys alone ${how}`, async (t) => {
    const house = await openHouse(t)
    const ann = await someone(t, browser, house)
    await claims(ann, house.firstLink, 'Ann')
    for (let number = 1; number <= 5; number++) await asks(ann, `Request ${number}\n\n${'word '.repeat(200)}`)

    const ruth = await someone(t, browser, house, options)
    const button = (name: string) => ruth.getByRole('button', { name })
    const link = (name: string) => ruth.getByRole('link', { name })
    await ruth.goto(await inviteTo(house))
    await tabsTo(link('Skip to the content'), 1)
    await ruth.keyboard.press('Enter')
    await tabsTo(ruth.getByLabel('Your name'), 5)
    await ruth.keyboard.type('Ruth')
    await ruth.keyboard.press('Enter')
    await link('Not now').waitFor()
    await tabsTo(link('Not now'), 20)
    await ruth.keyboard.press('Enter')
    await ruth.getByRole('heading', { name: 'Prayers', exact: true }).waitFor()

    // The oldest request is far below: the way there leads over everything between, and nothing hides it.
    const last = ruth.getByRole('article').last()
    await tabsTo(last.getByRole('button', { name: 'I prayed' }), 80)
    await ruth.keyboard.press('Enter')
    await last.getByText('Prayed just now').waitFor()
    await tabsTo(last.getByRole('button', { name: 'undo' }), steps)
    await ruth.keyboard.press('Enter')
    await last.getByRole('button', { name: 'I prayed' }).waitFor()
    await tabsTo(last.getByRole('button', { name: 'I prayed' }), steps)

    await ruth.goto('/')
    await tabsTo(link('Ask for prayer'), 60)
    await ruth.keyboard.press('Enter')
    await ruth.getByRole('heading', { name: 'Ask for prayer' }).waitFor()
    await tabsTo(ruth.getByLabel('What shall we pray for?'), 60)
    await ruth.keyboard.type('My mother.')
    await tabsTo(button('Continue'), 20)
    await ruth.keyboard.press('Enter')
    await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
    await tabsTo(button('Share with everyone here'), 40)
    await ruth.keyboard.press('Enter')
    await ruth.getByText('Shared. Everyone here can see it now.').waitFor()

    await tabsTo(link('Sign out'), 60)
    await ruth.keyboard.press('Enter')
    await ruth.getByText('You have no way back in yet.').waitFor()
    await tabsTo(button('Sign out'), 60)
    await ruth.keyboard.press('Space')
    await ruth.getByRole('heading', { name: 'Ask for prayer. Pray for one another.' }).waitFor()
  })
}

test('a form with a mistake puts the focus on what is wrong, and leads to the field', async (t) => {
  const ruth = await someone(t, browser, await openHouse(t))
  await ruth.goto('/sign-in')
  await ruth.getByRole('button', { name: 'Go on' }).press('Enter')
  const alert = ruth.getByRole('alert')
  await alert.waitFor()
  assert.ok(await isFocused(alert))
  await tabsTo(alert.getByRole('link'), 1)
  await ruth.keyboard.press('Enter')
  await tabsTo(ruth.getByLabel('Your sign-in link'), 0)
})

/** Goes on with Tab until the focus is there, and sees it at every stop. `most` is how often it may take. */
async function tabsTo(target: Locator, most: number) {
  const page = target.page()
  for (let stops = 0; !(await isFocused(target)); stops++) {
    assert.ok(stops < most, `${target} has the focus after ${most} stops`)
    await page.keyboard.press('Tab')
    await seesTheFocus(page)
  }
}

const isFocused = (target: Locator) =>
  target.evaluate((element) => element === element.ownerDocument.activeElement)

/** It has a ring, stands wholly in the window, and nothing lies over it. */
async function seesTheFocus(page: Page) {
  const seen = await page.locator(':focus').evaluate((element) => {
    const document = element.ownerDocument
    const window = document.defaultView
    const { outlineStyle, outlineWidth } = window.getComputedStyle(element)
    const { top, bottom, left, right } = element.getBoundingClientRect()
    const isAt = (x: number, y: number) => element.contains(document.elementFromPoint(x, y))
    // A link that goes on in the next line has a box in each.
    const boxes = [...element.getClientRects()]
    return {
      what: element.outerHTML.slice(0, 80),
      ring: outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2,
      isInside: top >= 0 && left >= 0 && bottom <= window.innerHeight && right <= window.innerWidth,
      isOnTop: boxes.every((box) => {
        const across = (box.left + box.right) / 2
        return isAt(across, box.top + 2) && isAt(across, box.bottom - 2)
      }),
    }
  })
  assert.deepEqual(seen, { what: seen.what, ring: true, isInside: true, isOnTop: true })
}
