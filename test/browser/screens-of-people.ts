import type { Page } from 'playwright-core'
import { type Camera, type Demo, phonesOf, sends } from './camera.ts'

/** Joining, coming back, one another, and looking after the place. */
export async function photographPeople(camera: Camera, demo: Demo) {
  const { somebody, onDesktop, dayAndNight, onPhones } = camera
  const [visitor, imogen, kathe, rufus] = await Promise.all([
    somebody(),
    somebody('Imogen Elderfield'),
    somebody('Käthe Abendroth'),
    somebody('Rufus'),
  ])
  await demo.does('grantRole', { name: 'Käthe Abendroth', role: 'moderator' })
  await demo.does('grantRole', { name: 'Rufus', role: 'team', until: '2027-01-31' })
  await imogen.request.get('/')
  const phones = phonesOf(camera)

  // Inviting and joining
  const note = 'Dear Tilda, this is where we pray for each other through the week. Come and look round.'
  const made = await sends(rufus, '/invites', { note })
  await onPhones(
    'inviting-phone',
    ...(await phones(rufus, '/invites', made, made.replace('/invites/made/', '/claim/'))),
  )
  await onPhones(
    'claim-phone',
    ...(await phones(visitor, made.replace('/invites/made/', '/claim/'), '/apply')),
  )
  await demoApplies(visitor)
  await onPhones('deciding-phone', ...(await phones(imogen, '/admin/applications', '/invites/several')))
  await rufus.goto('/people/tree')
  await onDesktop('tree', rufus, 'light')

  // One another
  await rufus.goto('/people')
  const kathesPage = await rufus.getByRole('link', { name: 'Käthe Abendroth' }).getAttribute('href')
  await onPhones(
    'people-phone',
    ...(await phones(rufus, '/people', String(kathesPage), `${kathesPage}/apart`)),
  )
  await onPhones('me-phone', ...(await phones(rufus, '/me', '/me/name', '/me/praying')))

  // Coming back
  await onPhones('ways-phone', ...(await phones(rufus, '/me/ways-in', '/me/devices')))
  await rufus.goto('/me/ways-in')
  await rufus
    .getByRole('button', { name: /paper key/i })
    .first()
    .click()
  await rufus.getByRole('heading', { name: 'Your paper key' }).waitFor()
  const paperKey = await dayAndNight(rufus)
  await sends(visitor, '/sign-in/door', { called: 'Rufus' })
  const waiting = await phones(visitor, '/sign-in/waiting')
  await rufus.goto('/me/sign-ins')
  await rufus.locator('main a[href^="/me/sign-ins/"]').first().click()
  await rufus.getByRole('heading', { name: 'Was this you?' }).waitFor()
  await onPhones('door-phone', paperKey, ...waiting, await dayAndNight(rufus))
  await sends(rufus, '/me/sign-ins/refusals', {})

  // Looking after the place
  await imogen.goto('/admin/people')
  const rufusPage = (await imogen.getByRole('link', { name: 'Rufus' }).first().getAttribute('href')) ?? ''
  await onDesktop('admin-people', imogen, 'light')
  await onPhones('admin-phone', ...(await phones(imogen, '/admin', rufusPage, '/admin/links')))
  await onPhones(
    'settings-phone',
    ...(await phones(imogen, '/admin/settings/vouching', '/admin/login-links')),
  )
  await imogen.goto('/admin/audit')
  await onDesktop('audit', imogen, 'dark')
  await imogen.goto('/admin/settings')
  await onDesktop('settings', imogen, 'light')

  const nameless = await sends(rufus, '/prayers', {
    request: 'Pray for me. I am afraid of the night.',
    nameless: 'yes',
  })
  await onPhones('moderating-phone', ...(await phones(kathe, `${nameless}/author`, '/admin/apart')))
}

async function demoApplies(visitor: Page) {
  await sends(visitor, '/apply', {
    name: 'Jonas Weber',
    why: 'I moved here in the summer and know nobody yet. My sister told me that you pray for each other.',
    contact: 'jonas@mail.example',
  })
}
