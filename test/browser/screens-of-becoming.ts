import type { Page } from 'playwright-core'
import { days, hours } from '../../src/kernel/moment.ts'
import { type Camera, type Demo, type Phone, phonesOf, sends } from './camera.ts'
import { asks } from './person.ts'

/** What may become of a request: focus, other words, a longer time, an end, a page for everybody; and who looks after it. */
export async function photographBecoming(camera: Camera, demo: Demo) {
  const { somebody, onDesktop, onPaper, dayAndNight, onPhones } = camera
  await demo.does('grantRole', { name: 'Lydia Pell', role: 'moderator' })
  const [visitor, imogen, kathe, rufus, lydia] = await Promise.all([
    somebody(),
    somebody('Imogen Elderfield'),
    somebody('Käthe Abendroth'),
    somebody('Rufus'),
    somebody('Lydia Pell'),
  ])
  await lydia.request.post('/me/welcome')
  const phones = phonesOf(camera)

  /** What one sees there on scrolling down to this part. */
  const below = async (page: Page, path: string, part: string) => {
    await page.goto(path)
    await page.locator(part).evaluate((element) => element.scrollIntoView())
    return dayAndNight(page)
  }

  // Into the community's focus
  const harvest = await asks(
    kathe,
    'For the people on the coast, after the storm: for roofs before the next rain, and for those who still look for somebody.',
  )
  const teachers = await asks(rufus, 'For all who begin at a new school on Monday, and for their teachers.')
  await imogen.goto(`${harvest}/focus`)
  const until = await imogen.getByLabel('Last day').inputValue()
  await sends(imogen, `${harvest}/focus`, { until })
  const placing = await phones(imogen, `${teachers}/focus`)
  await sends(imogen, `${teachers}/focus`, { until })
  await onPhones(
    'focus-phone',
    ...placing,
    ...(await phones(imogen, '/admin/focus')),
    await below(rufus, '/', '.in-focus'),
  )
  await rufus.goto('/feed?tab=focus')
  await onDesktop('focus', rufus, 'light')

  // Other words
  const test = await asks(rufus, 'My driving test is on Friday at nine. Pray for a calm head.')
  demo.passes(2 * hours)
  const changing = await phones(rufus, `${test}/changes`)
  await sends(rufus, `${test}/changes`, {
    request:
      'My driving test was moved to Monday at nine. Pray for a calm head, and for patience until then.',
  })
  await onPhones(
    'changing-phone',
    ...changing,
    ...(await phones(imogen, test)),
    ...(await phones(rufus, `${test}/earlier`)),
  )

  // The feeds of what one has to do with
  await sends(rufus, `${harvest}/follows`, {})
  await sends(rufus, `${harvest}/marks`, {})
  await sends(rufus, `${teachers}/rest`, {})
  const feeds: Phone[] = []
  for (const tab of ['followed', 'prayed', 'mine', 'unprayed'])
    feeds.push(await below(rufus, `/feed?tab=${tab}`, '.tabs'))
  await onPhones('feeds-phone', ...feeds)

  // What was begun, what is not right yet, and what else one settles
  await rufus.goto('/prayers/new')
  await rufus.getByLabel('What shall we pray for?').fill('For my sister, who')
  await rufus.getByRole('button', { name: 'Continue' }).click()
  await rufus.getByRole('heading', { name: 'Check your words' }).waitFor()
  const begun = await phones(rufus, '/prayers/new')
  await rufus.getByLabel('What shall we pray for?').fill(' ')
  await rufus.getByRole('button', { name: 'Continue' }).click()
  await rufus.getByText('Not right yet').first().waitFor()
  const mistaken = await dayAndNight(rufus)
  await sends(imogen, '/admin/settings/giving', {
    value: 'Towards the rent of the hall https://example.org/hall',
  })
  await onPhones('begun-phone', ...begun, mistaken, ...(await phones(rufus, '/me/notices', '/giving')))

  // A page on the open internet
  await sends(imogen, '/admin/settings/publicPages', { value: 'yes' })
  const choosing = await phones(kathe, `${harvest}/page`)
  await sends(kathe, `${harvest}/page`, {})
  const chosen = await phones(kathe, `${harvest}/page`)
  const address = new URL(await kathe.locator('a.address').innerText()).pathname
  const open = await phones(visitor, address)
  await sends(kathe, `${harvest}/page/removal`, {})
  await onPhones('open-phone', ...choosing, ...chosen, ...open, ...(await phones(visitor, address)))

  // Those who look after it
  const flagging = await phones(rufus, `${harvest}/flags`)
  await sends(rufus, `${harvest}/flags`, { reason: 'It names the street where her mother lives alone now.' })
  await rufus.goto('/prayers/new')
  await rufus.getByLabel('What shall we pray for?').fill('I do not want to live any more.')
  await rufus.getByRole('button', { name: 'Continue' }).click()
  await rufus.getByRole('button', { name: 'Ask someone to call me' }).click()
  await rufus.getByText('You asked for a call').waitFor()
  const calling = await dayAndNight(rufus)
  await onPhones(
    'care-phone',
    ...flagging,
    ...(await phones(lydia, '/admin/flags')),
    calling,
    ...(await phones(lydia, '/admin/calls')),
  )

  // Its time is nearly over
  demo.passes(24 * days)
  const asked = await phones(rufus, '/notices', `${test}/renewals`, `${test}/withdrawals`)
  await sends(rufus, `${test}/withdrawals`, {})
  await onPhones('lapsing-phone', ...asked, ...(await phones(rufus, test)))

  await rufus.goto('/feed?tab=prayed')
  await onPaper('paper', rufus)
}
