import assert from 'node:assert/strict'
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { addPasskey } from '../../src/commands/passkeys.ts'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { memberDeactivated } from '../../src/records/members.ts'
import { type Browser, place, wordsOf } from './browser.ts'

/** A device with one passkey, made by hand: what the browser tests cannot wait for is tried with it. */
function deviceWith(credential: string, owner: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
  return {
    kept: { name: 'Phone', credential, publicKey: cose.toString('base64url'), counter: 0 },
    answers: (challenge: string, by: KeyObject = privateKey) => {
      const said = { type: 'webauthn.get', challenge, origin: 'http://localhost:8000', crossOrigin: false }
      const clientData = Buffer.from(JSON.stringify(said))
      const place = createHash('sha256').update('localhost').digest()
      const data = Buffer.concat([place, Buffer.from([0x05, 0, 0, 0, 0])])
      const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
      const response = {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, by).toString('base64url'),
        userHandle: Buffer.from(owner).toString('base64url'),
      }
      return JSON.stringify({ id: credential, rawId: credential, type: 'public-key', response })
    },
  }
}

const asks = async (person: Browser): Promise<string> =>
  (await person.post('/sign-in/passkey/options', {})).json().challenge
const mistake = (page: { body: string }) => /id="passkey-mistake">([^<]+)</.exec(page.body)?.[1]
const sends = (person: Browser, answer: string) => person.post('/sign-in/passkey', { answer })

test('a challenge lives five minutes, in the browser that asked, for one try', async (t) => {
  const { here, browser } = await place(t)
  const ruth = await here.joins('Ruth')
  const device = deviceWith('cGhvbmU', ruth.member)
  await here.does(ruth, addPasskey, device.kept)
  const tooLate = 'That took too long, or was sent before. Try once more.'

  const person = browser()
  const late = await asks(person)
  here.passes(5 * minutes)
  assert.equal(mistake(await sends(person, device.answers(late))), tooLate)

  const good = await asks(person)
  const cookie = person.cookies.get('thywill-challenge') ?? ''
  here.passes(5 * minutes - 1)
  const other = browser()
  assert.equal(mistake(await sends(other, device.answers(good))), tooLate, 'it holds no cookie')
  const came = await sends(person, device.answers(good))
  assert.deepEqual([came.statusCode, came.headers.location], [303, '/'])
  assert.equal(person.cookies.has('thywill-challenge'), false)
  other.cookies.set('thywill-challenge', cookie)
  assert.equal(mistake(await sends(other, device.answers(good))), tooLate, 'it was answered')
})

test('whether somebody has a passkey cannot be told by trying one', async (t) => {
  const { here, browser } = await place(t)
  const ruth = await here.joins('Ruth')
  const device = deviceWith('cGhvbmU', ruth.member)
  await here.does(ruth, addPasskey, device.kept)
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pages = []
  for (const one of [device, deviceWith('bm9ib2R5', ruth.member)]) {
    const person = browser()
    const page = await sends(person, one.answers(await asks(person), stranger))
    assert.equal(page.statusCode, 422)
    pages.push(page)
  }
  const still = ({ body }: { body: string }) => body.replace(/ value="[A-Za-z0-9_-]{22}"/g, '')
  const [known, unknown] = pages
  assert.ok(known && unknown)
  assert.equal(still(known), still(unknown))
  assert.deepEqual(Object.keys(known.headers).sort(), Object.keys(unknown.headers).sort())
  assert.match(mistake(known) ?? '', /^This passkey does not let you in\./)

  // A key of which everybody knows the secret stands for those that are not here: it lets nobody in.
  const generator = generatorKey()
  const person = browser()
  const page = await sends(person, deviceWith('bm9ib2R5', ruth.member).answers(await asks(person), generator))
  assert.match(mistake(page) ?? '', /^This passkey does not let you in\./)
})

test('whoever was put out reads why with their own passkey, and only with it', async (t) => {
  const { here, browser } = await place(t)
  const ruth = await here.joins('Ruth')
  const device = deviceWith('cGhvbmU', ruth.member)
  await here.does(ruth, addPasskey, device.kept)
  const put = memberDeactivated.of({ by: 'operator', member: ruth.member })
  await here.ledger.record(() => ({ drafts: [put], result: {} }))
  const person = browser()
  const page = await sends(person, device.answers(await asks(person)))
  assert.equal(page.statusCode, 403)
  assert.match(wordsOf(page), /Your place here is paused\. Speak with whoever looks after this site\./)
  assert.equal((await person.get('/feed')).statusCode, 401)
})

test('ten that fail in an hour are enough', async (t) => {
  const { here, browser } = await place(t)
  const device = deviceWith('cGhvbmU', (await here.joins('Ruth')).member)
  const person = browser()
  for (let times = 0; times < 10; times++)
    assert.equal((await sends(person, device.answers(await asks(person)))).statusCode, 422)
  assert.equal((await sends(person, device.answers(await asks(person)))).statusCode, 429)
})

test('making a passkey asks for a fresh sign-in before any device is asked', async (t) => {
  const { here, browser, comes } = await place(t)
  assert.equal((await browser().post('/me/passkeys/options', {})).statusCode, 401)
  const ruth = await comes('Ruth')
  const options = (await ruth.post('/me/passkeys/options', {})).json()
  assert.equal(options.rp.id, 'localhost')
  assert.equal(options.authenticatorSelection.userVerification, 'required')
  const none = await ruth.post('/me/passkeys', { name: 'My phone' })
  assert.equal(none.statusCode, 422)
  assert.match(none.body, /name="name" value="My phone"/)
  assert.match(mistake(none) ?? '', /^Passkeys need JavaScript/)
  here.passes(12 * hours)
  for (const path of ['/me/passkeys/options', '/me/passkeys', '/me/passkeys/k_0000000000000000/removal'])
    assert.equal((await ruth.post(path, {})).statusCode, 401, path)
})

/** The private key 1 of P-256. */
function generatorKey(): KeyObject {
  return createPrivateKey({
    format: 'jwk',
    key: {
      ...{ kty: 'EC', crv: 'P-256', d: `${'A'.repeat(42)}E` },
      x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
      y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    },
  })
}

test('a challenge that a browser made up, to be good for years, is none', async (t) => {
  const { here, browser } = await place(t)
  const ruth = await here.joins('Ruth')
  const device = deviceWith('cGhvbmU', ruth.member)
  await here.does(ruth, addPasskey, device.kept)
  const person = browser()
  const good = await asks(person)
  const [, key] = (person.cookies.get('thywill-challenge') ?? '').split('.')
  person.cookies.set('thywill-challenge', `999999999999999.${key}`)
  assert.match(mistake(await sends(person, device.answers(good))) ?? '', /^That took too long/)
})
