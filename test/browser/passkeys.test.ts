import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { openBrowser } from './chromium.ts'
import { openHouse } from './house.ts'
import { claims, inviteTo, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

test('somebody makes a passkey, signs out, comes back by it, and takes it away', async (t) => {
  const house = await openHouse(t)
  const ruth = await someone(t, browser, house)
  const device = await deviceOf(ruth)
  await claims(ruth, house.firstLink, 'Ruth')
  await makesPasskey(ruth, "Ruth's phone")
  const [added = ''] = house.records('passkey.added')
  assert.match(added, / counter=\d+$/)
  await ruth.getByText('Make another passkey').click()
  await ruth.getByText('This device has a passkey of yours already.').waitFor()

  await signsOut(ruth)
  await ruth.goto('/prayers/new')
  await ruth.getByRole('button', { name: 'Come in with a passkey' }).click()
  await ruth.getByLabel('What shall we pray for?').waitFor()
  assert.match(house.records('session.opened').at(-1) ?? '', / how=passkey$/)
  assert.equal(house.records('passkey.used').length, 1)

  await ruth.goto('/me/ways-in')
  await ruth.getByText(/^Made [\s\S]*used just now/).waitFor()
  await ruth.getByRole('button', { name: "Remove Ruth's phone" }).click()
  await ruth.getByText('You have no way back in yet.').waitFor()
  await signsOut(ruth)
  await ruth.goto('/sign-in')
  await ruth.getByRole('button', { name: 'Come in with a passkey' }).click()
  await ruth.getByRole('link', { name: /^This passkey does not let you in\./ }).waitFor()
  await device.remove()
})

test('of two people at one device each comes in as who they are', async (t) => {
  const house = await openHouse(t)
  const page = await someone(t, browser, house)
  const device = await deviceOf(page)
  await claims(page, house.firstLink, 'Ruth')
  await makesPasskey(page, 'Tablet')
  const ruths = (await device.credentials())[0]
  await signsOut(page)
  await claims(page, await inviteTo(house), 'Tom')
  await makesPasskey(page, 'Tablet')
  await signsOut(page)
  assert.equal((await device.credentials()).length, 2)

  for (const { credentialId, userHandle } of await device.credentials()) {
    // A person chooses among their passkeys; this device offers the one that it has left.
    const others = (await device.credentials()).filter((one) => one.credentialId !== credentialId)
    for (const other of others) await device.forget(other.credentialId)
    const name = userHandle === ruths?.userHandle ? 'Ruth' : 'Tom'
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Come in with a passkey' }).click()
    await page.locator('.reader', { hasText: name }).waitFor()
    await signsOut(page)
    for (const other of others) await device.bring(other)
  }

  // The passkey of one with the name of the other is nobody's.
  const [one, two] = await device.credentials()
  assert.ok(one && two)
  await device.forget(one.credentialId)
  await device.forget(two.credentialId)
  await device.bring({ ...one, userHandle: two.userHandle })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Come in with a passkey' }).click()
  await page.getByRole('link', { name: /^This passkey does not let you in\./ }).waitFor()
})

test('what was signed elsewhere, before, for another browser, too late or without its owner opens nothing', async (t) => {
  const house = await openHouse(t)
  const ruth = await someone(t, browser, house)
  const device = await deviceOf(ruth)
  await claims(ruth, house.firstLink, 'Ruth')
  await makesPasskey(ruth, 'Phone')
  await signsOut(ruth)
  const asks = async () => await (await ruth.request.post('/sign-in/passkey/options')).json()
  const sends = async (answer: string) => {
    const sent = await ruth.request.post('/sign-in/passkey', { form: { answer }, maxRedirects: 0 })
    if (sent.status() === 303) return 'came in'
    assert.equal(sent.status(), 422)
    return /id="passkey-mistake">([^<]+)</.exec(await sent.text())?.[1]
  }
  const [notLetIn, tooLate] = [
    'This passkey does not let you in. Try once more, or come in by another way.',
    'That took too long, or was sent before. Try once more.',
  ]

  // It works as such.
  await ruth.goto('/sign-in')
  const good = await signs(ruth, await asks())
  const held = (await ruth.context().cookies()).filter(({ name }) => name === 'thywill-challenge')
  assert.equal(held.length, 1)
  assert.equal(await sends(good), 'came in')
  await signsOut(ruth)

  // Again, with the cookie that it went with.
  await ruth.context().addCookies(held)
  assert.equal(await sends(good), tooLate)
  // In answer to another question.
  await asks()
  assert.equal(await sends(good), notLetIn)
  // By a browser that was asked nothing.
  assert.equal(await sends(good), tooLate)
  // With a cookie that somebody made longer.
  const late = await signs(ruth, await asks())
  const [cookie] = (await ruth.context().cookies()).filter(({ name }) => name === 'thywill-challenge')
  assert.ok(cookie)
  await ruth.context().addCookies([{ ...cookie, value: `9${cookie.value}` }])
  assert.equal(await sends(late), tooLate)

  // Nobody was asked for a finger or a code.
  await ruth.goto('/sign-in')
  await device.knowsItsOwner(false)
  assert.equal(
    await sends(await signs(ruth, { ...(await asks()), userVerification: 'discouraged' })),
    notLetIn,
  )
  await device.knowsItsOwner(true)

  // Signed at another site of the same name, which the browser allows.
  const options = await asks()
  await ruth.goto(await otherSite(t))
  const elsewhere = await signs(ruth, options)
  assert.equal(await sends(elsewhere), notLetIn)

  // The device was copied: what it counts goes back.
  await ruth.goto('/sign-in')
  const [known] = await device.credentials()
  assert.ok(known && known.signCount > 1)
  await device.forget(known.credentialId)
  await device.bring({ ...known, signCount: 0 })
  assert.equal(await sends(await signs(ruth, await asks())), notLetIn)
  await device.forget(known.credentialId)
  await device.bring({ ...known, signCount: 100 })
  assert.equal(await sends(await signs(ruth, await asks())), 'came in')

  // What is no answer at all.
  await signsOut(ruth)
  for (const answer of [
    'x',
    '{}',
    '[]',
    JSON.stringify({ ...JSON.parse(good), id: 'AAAA', rawId: 'AAAA' }),
  ]) {
    await asks()
    assert.equal(await sends(answer), notLetIn)
  }
  assert.equal(house.records('passkey.used').length, 2)
})

test('without a finger or a code no passkey is made', async (t) => {
  const house = await openHouse(t)
  const ruth = await someone(t, browser, house)
  await deviceOf(ruth, { asksNobody: true })
  await claims(ruth, house.firstLink, 'Ruth')
  await ruth.goto('/me/ways-in')
  const options = await (await ruth.request.post('/me/passkeys/options')).json()
  const weak = await makes(ruth, {
    ...options,
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' },
  })
  const sent = await ruth.request.post('/me/passkeys', { form: { name: 'Phone', answer: weak } })
  assert.equal(sent.status(), 422)
  assert.match(await sent.text(), /That did not make a passkey/)
  assert.deepEqual(house.records('passkey.added'), [])
})

test('without JavaScript the way says so, and the others are there', async (t) => {
  const house = await openHouse(t)
  const visitor = await someone(t, browser, house, { javaScriptEnabled: false })
  await visitor.goto('/sign-in')
  assert.match(await visitor.content(), /<noscript><p class="hint">This way needs JavaScript/)
  await visitor.getByRole('button', { name: 'Come in with a passkey' }).click()
  await visitor.getByRole('link', { name: /^Passkeys need JavaScript/ }).waitFor()
  await visitor.getByLabel('The thirteen words').waitFor()
})

test('the picture of a paper key leads to its words, which nobody has to type', async (t) => {
  const house = await openHouse(t)
  const ruth = await someone(t, browser, house)
  await claims(ruth, house.firstLink, 'Ruth')
  await ruth.goto('/me/ways-in')
  await ruth.getByRole('button', { name: 'Make a paper key' }).click()
  const words = await ruth.locator('ol.groups code').allTextContents()
  assert.equal(words.length, 13)
  await signsOut(ruth)
  await ruth.goto(`/sign-in#paper-key=${words.join('-')}`)
  await ruth.waitForURL(`${house.url}/sign-in`)
  assert.equal(await ruth.getByLabel('The thirteen words').inputValue(), words.join(' '))
  await ruth.keyboard.press('Enter')
  await ruth.locator('.reader', { hasText: 'Ruth' }).waitFor()
  assert.match(house.records('session.opened').at(-1) ?? '', / how=paper$/)
})

interface Credential {
  readonly credentialId: string
  readonly isResidentCredential: boolean
  readonly rpId?: string
  readonly privateKey: string
  readonly userHandle?: string | undefined
  readonly signCount: number
}

/** A device that can hold passkeys, as the browser sees one. */
async function deviceOf(page: Page, { asksNobody }: { readonly asksNobody?: true } = {}) {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: asksNobody ? 'usb' : 'internal',
      hasResidentKey: true,
      hasUserVerification: !asksNobody,
      isUserVerified: !asksNobody,
      automaticPresenceSimulation: true,
    },
  })
  return {
    knowsItsOwner: (isUserVerified: boolean) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    credentials: async (): Promise<Credential[]> =>
      (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    forget: (credentialId: string) =>
      cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId }),
    bring: (credential: Credential) =>
      cdp.send('WebAuthn.addCredential', { authenticatorId, credential: credential as never }),
    remove: () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  }
}

async function makesPasskey(page: Page, name: string) {
  await page.goto('/me/ways-in')
  await page.getByLabel('What do you call this device?').fill(name)
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.getByText('not used yet').waitFor()
}

async function signsOut(page: Page) {
  await page.goto('/sign-out')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'How to join' }).waitFor()
}

const decoding = `const bytes = (text) => Uint8Array.fromBase64(text, { alphabet: 'base64url' })
const text = (buffer) => new Uint8Array(buffer).toBase64({ alphabet: 'base64url', omitPadding: true })
const written = ({ id, rawId, type, response }) => JSON.stringify({ id, rawId: text(rawId), type, response:
  Object.fromEntries(['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
    .filter((part) => response[part]).map((part) => [part, text(response[part])])) })`

/** Has the device sign these options, wherever the page is. */
const signs = (page: Page, options: object): Promise<string> =>
  page.evaluate(`(async () => { ${decoding}
    const options = ${JSON.stringify(options)}
    return written(await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge) } }))
  })()`)

const makes = (page: Page, options: object): Promise<string> =>
  page.evaluate(`(async () => { ${decoding}
    const options = ${JSON.stringify(options)}
    const user = { ...options.user, id: bytes(options.user.id) }
    return written(await navigator.credentials.create({ publicKey: { ...options, user, challenge: bytes(options.challenge) } }))
  })()`)

/** Another site on this very machine: browsers let it use the passkeys of "localhost". */
async function otherSite(t: TestContext): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,">')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  return `http://localhost:${address.port}/`
}
