import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { cameraFor } from './camera.ts'
import { openBrowser } from './chromium.ts'
import { openDemo } from './demo.ts'
import { asks } from './person.ts'
import { photographBecoming } from './screens-of-becoming.ts'
import { photographKeeping } from './screens-of-keeping.ts'
import { photographPeople } from './screens-of-people.ts'
import { photographTogether } from './screens-of-praying.ts'

/*
 * `npm run screens`: pictures of the pages in docs/screens, for the README and for looking at. `npm run screens FOLDER` puts
 * them there instead, with all of each page, also what one has to scroll to. Beside them is a list of which pages each shows, as the site said when they were taken. It is
 * the same evening in the demo community at every run. Letters are those of the machine: Debian's fonts-noto-core and fonts-noto-color-emoji
 * have all that occur.
 */

const [elsewhere] = process.argv.slice(2)
const folder = elsewhere ?? resolve(import.meta.dirname, '../../docs/screens')
const browser = await openBrowser()
const demo = await openDemo()
const camera = cameraFor(browser, demo, { folder, isWhole: elsewhere !== undefined })
const { somebody, onDesktop, dayAndNight, onPhones } = camera
try {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await photographPraying()
  await photographTogether(camera, demo)
  await photographPeople(camera, demo)
  await photographKeeping(camera)
  await photographBecoming(camera, demo)
  await photographTrouble()
  camera.writeList()
} finally {
  await browser.close()
  await demo.close()
}

async function photographPraying() {
  const [visitor, imogen, kathe, rufus] = await Promise.all([
    somebody(),
    somebody('Imogen Elderfield'),
    somebody('Käthe Abendroth'),
    somebody('Rufus'),
  ])
  for (const page of [imogen, kathe, rufus]) await page.request.post('/me/welcome')
  demo.passes(2 * hours)
  await asks(
    rufus,
    'My father has his first day at work again tomorrow, after eleven months at home. Pray that they are kind to him, ' +
      'and that he is kind to himself.',
  )
  demo.passes(3 * hours)
  const address = await asks(
    kathe,
    'Our little one has been in hospital since this morning, with a high fever. The doctors are not worried yet, but ' +
      'we are.\n\nPlease pray for a quiet night, for good people on the ward, and for her big brother, who is staying ' +
      'with the neighbours.',
  )
  demo.passes(12 * minutes)
  for (const page of [rufus, imogen]) await page.request.post(`${address}/marks`)
  demo.passes(25 * minutes)

  await imogen.goto('/')
  await imogen.getByRole('button', { name: 'I prayed' }).nth(1).click()
  await imogen.getByRole('article').getByText('Prayed just now').waitFor()
  // The button of an undo has the focus now, as it should; here it would only ask why.
  await imogen.locator(':focus').blur()
  await imogen.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
  await onDesktop('feed', imogen, 'light')
  await onDesktop('feed-dark', imogen, 'dark')
  await onPhones('feed-phone', await dayAndNight(imogen))

  await kathe.goto(address)
  await onDesktop('request', kathe, 'light')
  await onDesktop('request-dark', kathe, 'dark')
  await onPhones('request-phone', await dayAndNight(kathe))

  await imogen.goto('/prayers/new')
  await imogen
    .getByLabel('What shall we pray for?')
    .fill('She starts her new treatment on Monday.\n\nPray that she can sleep, and that she lets us help.')
  await imogen.getByText('More choices').click()
  await imogen.getByLabel('Who is it for?').fill('my sister')
  await imogen.getByLabel('They know of it, and agree').check()
  await onDesktop('ask', imogen, 'light')
  const asking = await dayAndNight(imogen)
  await imogen.getByRole('button', { name: 'Continue' }).click()
  await imogen.getByRole('heading', { name: 'Check your words' }).waitFor()
  await onDesktop('preview-dark', imogen, 'dark')
  const checking = await dayAndNight(imogen)
  await onPhones('ask-phone', asking, checking)

  await visitor.goto('/')
  await onDesktop('home', visitor, 'light')
  await onPhones('home-phone', await dayAndNight(visitor))
  const invite = await demo.does('issueInvite', { admin: false, seats: 1, hours: 1 })
  const loginLink = await demo.does('issueLoginLink', { name: 'Käthe Abendroth' })
  await visitor.goto(`/claim/${invite.token}`)
  const claiming = await dayAndNight(visitor)
  await visitor.goto('/sign-in')
  const signingIn = await dayAndNight(visitor)
  await visitor.goto(`/sign-in/${loginLink.token}`)
  await onPhones('coming-in-phone', claiming, signingIn, await dayAndNight(visitor))
}

async function photographTrouble() {
  const [imogen, rufus] = await Promise.all([somebody('Imogen Elderfield'), somebody('Rufus')])
  await imogen.goto('/prayers/new')
  await imogen
    .getByLabel('What shall we pray for?')
    .fill('Pray that she can sleep, and that she lets us help.')
  await imogen.getByRole('button', { name: 'Continue' }).click()
  await imogen.getByRole('heading', { name: 'Check your words' }).waitFor()
  await rufus.goto('/sign-out')
  const signingOut = await dayAndNight(rufus)
  await rufus.goto('/nowhere')
  const nowhere = await dayAndNight(rufus)
  demo.savesNothing()
  await imogen.getByRole('button', { name: 'Share with everyone here' }).click()
  await imogen.getByRole('alert').waitFor()
  await onPhones('trouble-phone', signingOut, nowhere, await dayAndNight(imogen))
}
