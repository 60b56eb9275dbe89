import { type Camera, phonesOf, sends } from './camera.ts'

/** Whom an admin has to let in, what else is one's own, and how archive and cache stand. */
export async function photographKeeping(camera: Camera) {
  const { somebody, onPhones } = camera
  const [newcomer, applicant, imogen, rufus] = await Promise.all([
    somebody(),
    somebody(),
    somebody('Imogen Elderfield'),
    somebody('Rufus'),
  ])
  const phones = phonesOf(camera)

  // Waiting for an admin's yes
  const made = await sends(imogen, '/invites/several', { seats: '3', days: '30' })
  const link = made.replace('/invites/made/', '/claim/')
  await sends(newcomer, link, { name: 'Noor Haddad' })
  const waiting = await phones(newcomer, '/')
  const list = await phones(imogen, '/admin/newcomers')
  const answer = imogen.locator('form[action^="/admin/newcomers/"]').first()
  await sends(imogen, String(await answer.getAttribute('action')), {
    answer: 'no',
    reason: 'Nobody here knows you yet. Come by on a Sunday, and we will gladly invite you.',
  })
  const application = await sends(applicant, '/apply', {
    name: 'Elin Sandberg',
    why: 'My neighbour prays with you, and I would like to.',
    contact: 'elin@mail.example',
  })
  await onPhones(
    'waiting-phone',
    ...waiting,
    ...list,
    ...(await phones(newcomer, '/')),
    ...(await phones(applicant, application)),
  )

  // A link in a program that shows only a part of the web, or shows what is behind it
  await newcomer.setExtraHTTPHeaders({ 'user-agent': 'Mozilla/5.0 (iPhone) Instagram' })
  const elsewhere = await phones(newcomer, link)
  await newcomer.setExtraHTTPHeaders({ 'user-agent': 'WhatsApp/2.23' })
  await onPhones('links-phone', ...elsewhere, ...(await phones(newcomer, link)))

  // One's own
  await sends(imogen, '/admin/settings/vouching', { value: 'yes' })
  await onPhones(
    'mine-phone',
    ...(await phones(rufus, '/me/words', '/me/apart', '/me/sign-ins', '/me/way-back')),
  )
  await onPhones(
    'again-phone',
    ...(await phones(rufus, '/vouch', '/sign-in/again')),
    ...(await phones(imogen, '/admin/sign-everyone-out')),
  )

  // Archive and cache
  const recovery = (...pages: string[]) => phones(imogen, ...pages.map((page) => `/admin/recovery${page}`))
  await onPhones('recovery-phone', ...(await recovery('', '/segments', '/coverage', '/history')))
  await onPhones('archive-phone', ...(await recovery('/growth', '/problems', '/edits', '/sheet')))
}
