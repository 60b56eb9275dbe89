import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { reserveCache } from '../../src/cache/generations.ts'
import { openReader } from '../../src/cache/open.ts'
import { digestTable } from '../../src/cache/schema.ts'
import { catalogue } from '../../src/catalogue.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { makePaperKey, signInByPaperKey } from '../../src/commands/paper-keys.ts'
import { addPasskey, removePasskey, signInByPasskey } from '../../src/commands/passkeys.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { operator, visitor } from '../../src/kernel/actor.ts'
import { days } from '../../src/kernel/moment.ts'
import { rebuildWith } from '../../src/ledger/rebuild.ts'
import { devicesOf } from '../../src/queries/devices.ts'
import { waysInOf } from '../../src/queries/ways-in.ts'
import { tables } from '../../src/records/kinds.ts'
import { foundIn } from '../tools/found-in.ts'
import { fieldOf, place } from './browser.ts'
import { attempts, knocks, numberAt } from './door.ts'

test('the ways in of everybody are after a rebuild what they were, and no secret of them is in the archive', async (t) => {
  const { here, browser } = await place(t)
  const secrets: string[] = []
  const ruth = await here.joins('Ruth')
  const added = { name: 'Phone', credential: 'cGhvbmU', publicKey: 'cHVibGlj', counter: 3 }
  await here.does(ruth, addPasskey, added)
  const lost = await here.does(ruth, addPasskey, { ...added, credential: 'bG9zdA' })
  await here.does(ruth, removePasskey, lost)
  await here.does(ruth, makePaperKey, { key: 'first' })
  const { words } = await here.does(ruth, makePaperKey, { key: 'second' })
  assert.ok(words)
  const paper = words.join(' ')
  secrets.push(paper, words.join('-'), ...words.slice(1).map((word, index) => `${words[index]} ${word}`))

  const { token } = await here.does(operator, issueLoginLink, { name: 'Ruth' })
  const onPhone = browser()
  await onPhone.post(`/sign-in/${token}`, { shared: 'yes' })
  secrets.push(token, onPhone.cookies.get('thywill') ?? '')
  const proof = { credential: added.credential, counter: 7, owner: ruth.member }
  secrets.push((await here.does(visitor, signInByPasskey, proof)).cookie)
  secrets.push((await here.does(visitor, signInByPaperKey, { words: paper })).cookie)

  const asking = browser()
  const { challenge } = (await asking.post('/sign-in/passkey/options', {})).json()
  secrets.push(challenge, asking.cookies.get('thywill-challenge') ?? '')
  const [, nonce = ''] = (asking.cookies.get('thywill-challenge') ?? '').split('.')
  secrets.push(nonce)
  here.passes(8 * days)

  const { archive, cache } = here.options
  const files = readdirSync(archive, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  assert.ok(files.length > 0)
  for (const file of files) {
    const text = readFileSync(join(file.parentPath, file.name), 'utf8')
    for (const secret of secrets) {
      assert.ok(secret.length >= 5)
      assert.ok(!text.includes(secret), `${file.name} has a secret in it`)
    }
  }

  const now = here.now()
  const path = reserveCache(join(cache, 'again'), here.ledger.schemaHash)
  const made = await rebuildWith(realDisk, catalogue.kinds)({ archive, path, now }, {})
  const fresh = openReader(made.path)
  t.after(() => fresh.close())
  for (const table of tables)
    assert.deepEqual(digestTable(fresh, table), digestTable(here.ledger.cache(), table))
  const ways = waysInOf(fresh, ruth.member, now)
  assert.deepEqual(ways, waysInOf(here.ledger.cache(), ruth.member, now))
  assert.deepEqual([ways.passkeys.length, ways.paperKeyMadeAt !== null], [1, true])
  assert.deepEqual(devicesOf(fresh, ruth, now), devicesOf(here.ledger.cache(), ruth, now))
  assert.equal(devicesOf(fresh, ruth, now).devices.length, 3)
})

test('nothing that opens anything, and was given out by a page, is in a file of the archive or of the cache', async (t) => {
  const there = await place(t)
  const { here, comes, browser } = there
  await here.namesKey()
  const admin = await comes('Boaz')
  await here.does(operator, grantRole, { name: 'Boaz', role: 'admin' })
  const ruth = await comes('Ruth')
  const secrets: string[] = []

  const linked = await admin.post('/admin/login-links', { name: 'Ruth' })
  secrets.push(/\/sign-in\/([\w-]{22})/.exec(linked.body)?.[1] ?? '')
  const page = await ruth.get('/invites')
  const key = fieldOf(page, 'key') ?? ''
  const invited = await ruth.post('/invites', { key })
  secrets.push(key, String(invited.headers.location).split('/').at(-1) ?? '')
  const stranger = browser()
  const words = { name: 'Eve', why: 'I would like to.', contact: 'eve@mail.example' }
  const asked = await stranger.post('/apply', words)
  secrets.push(String(asked.headers.location).split('/').at(-1) ?? '', words.contact, words.why)

  const atDoor = await knocks(there, 'Ruth')
  await attempts(there, 'Ruth')
  const number = await numberAt(atDoor)
  secrets.push(number, number.replace(' ', ''))
  const [held = ''] = (atDoor.cookies.get('thywill-door') ?? '').split('.')
  secrets.push(held)
  await ruth.post('/me/sign-ins', { code: number })
  assert.equal((await atDoor.post('/sign-in/waiting', {})).statusCode, 303)
  for (const person of [admin, ruth, atDoor]) secrets.push(...person.cookies.values())

  assert.ok(secrets.length >= 14)
  const { archive, cache } = here.options
  for (const secret of secrets) {
    assert.ok(secret.length >= 6, secret)
    // Six digits may be anywhere in a hash: what is looked for stands by itself.
    const alone = new RegExp(`(?<![0-9a-zA-Z])${secret}(?![0-9a-zA-Z])`)
    for (const file of [...foundIn(archive, secret), ...foundIn(cache, secret)])
      assert.doesNotMatch(readFileSync(file, 'latin1'), alone, `${secret} in ${file}`)
  }
})
