import { days, hours } from '../../src/kernel/moment.ts'
import { type Camera, type Demo, phonesOf, sends } from './camera.ts'
import { asks } from './person.ts'

/** Prayer time, what became of requests, looking for them, and the pages at the foot. */
export async function photographTogether(camera: Camera, demo: Demo) {
  const { somebody, onDesktop, dayAndNight, onPhones } = camera
  const [imogen, kathe, rufus] = await Promise.all([
    somebody('Imogen Elderfield'),
    somebody('Käthe Abendroth'),
    somebody('Rufus'),
  ])
  const phones = phonesOf(camera)

  // Asking, with all that can be chosen, and what stands beside words of danger
  await rufus.goto('/prayers/new')
  await rufus.getByText('More choices').click()
  await rufus.getByLabel('What is it about?').scrollIntoViewIfNeeded()
  const choices = await dayAndNight(rufus)
  await rufus.getByLabel('What shall we pray for?').fill('I do not want to live any more.')
  await rufus.getByRole('button', { name: 'Continue' }).click()
  await rufus.getByRole('heading', { name: 'You need not be alone with this' }).waitFor()
  await onPhones('choices-phone', choices, await dayAndNight(rufus), ...(await phones(rufus, '/help')))

  // Prayer time
  const choose = await phones(imogen, '/pray')
  await imogen.getByRole('button', { name: 'Begin' }).click()
  const step = await dayAndNight(imogen)
  for (let place = 1; place <= 5; place++) {
    await imogen.keyboard.press(place === 2 ? 's' : 'Enter')
    await imogen
      .getByText(place < 5 ? `${place + 1} of 5` : 'You prayed for')
      .first()
      .waitFor()
  }
  await onPhones('pray-phone', ...choose, step, await dayAndNight(imogen))
  await imogen.goto('/pray/begin?requests=5')
  await onDesktop('pray-dark', imogen, 'dark')

  // How it goes on
  const address = await asks(kathe, 'My exam in Leipzig, on Thursday. I have not slept well for a week.')
  for (const page of [imogen, rufus]) await sends(page, `${address}/marks`, {})
  await imogen.goto(`${address}/encouragements`)
  const encouraging = await dayAndNight(imogen)
  const phrase = (await imogen.getByRole('radio').first().getAttribute('value')) ?? ''
  await sends(imogen, `${address}/encouragements`, { phrase })
  demo.passes(26 * hours)
  await sends(kathe, `${address}/updates`, { update: 'It went well, I think. Now we wait.' })
  demo.passes(2 * days)
  await onPhones(
    'becoming-phone',
    ...(await phones(kathe, `${address}/updates`, `${address}/answers`, `${address}/closings`)),
  )
  await sends(kathe, `${address}/answers`, {
    testimony:
      'I passed. I cried in the stairwell, and a stranger hugged me. Thank you for carrying me through this week.',
  })
  await onPhones(
    'notices-phone',
    encouraging,
    ...(await phones(kathe, '/notices')),
    ...(await phones(rufus, '/notices')),
  )
  await rufus.goto(address)
  await onDesktop('answered-request', rufus, 'light')
  await rufus.goto('/answered')
  await onDesktop('answered', rufus, 'dark')
  await onPhones('answered-phone', ...(await phones(rufus, '/answered', '/feed?tab=waiting', '/lately')))

  // Looking for something
  await rufus.goto('/search?q=exam')
  await onDesktop('search', rufus, 'light')
  await onPhones(
    'search-phone',
    ...(await phones(rufus, '/search', '/search?q=exam', '/search?q=volcano', '/feed?tab=week')),
  )

  // At the foot of each page
  await onPhones(
    'still-phone',
    ...(await phones(rufus, '/reflection', '/creed', '/how-it-works', '/whats-new')),
  )
}
