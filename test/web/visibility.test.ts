import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { grantRole } from '../../src/commands/roles.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { deactivateMember } from '../../src/commands/standing.ts'
import { operator, type Role } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { minutes } from '../../src/kernel/moment.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { feedNames } from '../../src/queries/feeds/kinds.ts'
import { memberJoined } from '../../src/records/members.ts'
import {
  prayerAnswered,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
} from '../../src/records/prayer-states.ts'
import { sessionOpened } from '../../src/records/sessions.ts'
import { type Browser, type Place, place, wordsOf } from './browser.ts'

/*
 * Who sees what: each audience × each reader × each surface. The author asks; everybody else reads. What somebody may not see
 * answers, in every way, as what does not exist.
 */

const readers = ['author', 'member', 'apart', 'team', 'moderator', 'admin', 'waiting', 'visitor'] as const
type Reader = (typeof readers)[number]

interface Asked {
  readonly form: Readonly<Record<string, string>>
  /** Whoever sees it; for everybody else it is not there. */
  readonly seenBy: readonly Reader[]
}

const here: readonly Reader[] = ['author', 'member', 'team', 'moderator', 'admin']
const table = {
  everyone: { form: { sees: 'everyone' }, seenBy: here },
  team: { form: { sees: 'team' }, seenBy: ['author', 'team'] },
  me: { form: { sees: 'me' }, seenBy: ['author'] },
  nameless: { form: { sees: 'everyone', nameless: 'yes' }, seenBy: here },
  'team, nameless': { form: { sees: 'team', nameless: 'yes' }, seenBy: ['author', 'team'] },
} as const satisfies Readonly<Record<string, Asked>>
type Kind = keyof typeof table
const kinds = Object.keys(table) as Kind[]

const isSeenBy = (kind: Kind, reader: Reader) => (table[kind].seenBy as readonly Reader[]).includes(reader)
const isNamed = (kind: Kind) => !('nameless' in table[kind].form)
const wordsFor = (kind: Kind) => `Zebra of ${kind.replace(', ', ' ')}`
const absent = 'p_0000000000000000'

test('each audience, each reader, each surface', async (t) => {
  const at = await place(t)
  const { browsers, ids, prayers } = await scene(at)
  const comes = (who: Reader) => browsers[who]
  const address = (kind: Kind) => `/prayers/${prayers[kind]}`
  const both = async (ask: (prayer: string) => Promise<LightMyRequestResponse>, kind: Kind) => {
    const [hidden, none] = [await ask(prayers[kind]), await ask(absent)]
    return { hidden: told(hidden), none: told(none) }
  }

  await t.test('the feed', async () => {
    for (const who of readers) {
      const { body } = await comes(who).get('/')
      for (const kind of kinds)
        assert.equal(body.includes(wordsFor(kind)), isSeenBy(kind, who), `${kind} in the feed of ${who}`)
      for (const kind of kinds.filter((kind) => !isNamed(kind)))
        assert.doesNotMatch(cardOf(body, prayers[kind]), /Ruth|href="\/people\//, `${kind} for ${who}`)
    }
  })

  await t.test('its page, its marks and who asked, in every method', async () => {
    for (const who of readers)
      for (const kind of kinds) {
        const what = `${kind} for ${who}`
        const page = await comes(who).get(address(kind))
        assert.equal(page.statusCode === 200, isSeenBy(kind, who), what)
        if (isSeenBy(kind, who)) {
          assert.ok(page.body.includes(wordsFor(kind)), what)
          assert.equal(page.body.includes('Who prayed'), who === 'author', what)
          continue
        }
        const browser = comes(who)
        const attempts: ((prayer: string) => Promise<LightMyRequestResponse>)[] = [
          (prayer) => browser.get(`/prayers/${prayer}`),
          (prayer) => browser.get(`/prayers/${prayer}/author`),
          (prayer) => browser.post(`/prayers/${prayer}/author`, { reason: 'I wonder.' }),
          (prayer) => browser.post(`/prayers/${prayer}/marks`, {}),
          (prayer) => browser.post(`/prayers/${prayer}/marks`, {}, { accept: 'text/html; fragment' }),
          (prayer) => browser.post(`/prayers/${prayer}/unmarks`, {}),
          ...(['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).map(
            (method) => (prayer: string) =>
              at.app.inject({ method, url: `/prayers/${prayer}`, headers: { cookie: cookieOf(browser) } }),
          ),
        ]
        for (const attempt of attempts) {
          const { hidden, none } = await both(attempt, kind)
          assert.deepEqual(hidden, none, what)
          assert.ok(hidden.status >= 400, what)
        }
      }
  })

  await t.test('who asked without a name is looked up by moderators alone', async () => {
    for (const who of here) {
      const answer = await comes(who).get(`${address('nameless')}/author`)
      const may = who === 'moderator' || who === 'admin'
      assert.equal(answer.statusCode, may ? 200 : 404, who)
      assert.ok(!wordsOf(answer).includes('Ruth'), who)
      assert.equal(wordsOf(await comes(who).get(address('nameless'))).includes('Show who asked'), may, who)
      const named = await comes(who).get(`${address('everyone')}/author`)
      assert.equal(named.statusCode, 404, `there is nothing to look up, ${who}`)
    }
  })

  await t.test('the profile: its list and its count', async () => {
    for (const who of readers) {
      const page = await comes(who).get(`/people/${ids.author}`)
      if (!here.includes(who)) {
        assert.deepEqual(told(page), told(await comes(who).get('/people/m_0000000000000000')), who)
        continue
      }
      const shown = kinds.filter((kind) => isNamed(kind) && isSeenBy(kind, who))
      for (const kind of kinds)
        assert.equal(page.body.includes(wordsFor(kind)), shown.includes(kind), `${kind} for ${who}`)
      const count = shown.length === 1 ? '1 request' : `${shown.length} requests`
      assert.ok(wordsOf(page).includes(`${count} that you can see`), `${who}: ${wordsOf(page)}`)
    }
  })

  await t.test('the directory, and how many people a preview counts', async () => {
    for (const who of readers) {
      const page = await comes(who).get('/people')
      const preview = await comes(who).post('/prayers/preview', { request: 'Please.' })
      if (who === 'waiting' || who === 'visitor') {
        const status = who === 'waiting' ? 403 : 401
        assert.deepEqual([page.statusCode, preview.statusCode], [status, status], who)
        continue
      }
      const hidden = who === 'author' ? 'Ann' : who === 'apart' ? 'Ruth' : 'Wendy'
      const count = who === 'author' || who === 'apart' ? 5 : 6
      assert.ok(!wordsOf(page).includes(hidden), `${who} ${hidden}`)
      assert.ok(!page.body.includes('Wendy'), 'who waits is nowhere')
      assert.ok(wordsOf(page).startsWith(`People Look for a name Look ${count} people here.`), who)
      assert.ok(wordsOf(preview).includes(`(${count} people)`), who)
    }
  })

  await t.test('every feed and its counter, search, lately, what was answered, and prayer time', async () => {
    for (const who of [...here, 'apart'] as const) {
      const browser = comes(who)
      const hidden = kinds.filter((kind) => !isSeenBy(kind, who)).map(wordsFor)
      const reads = async (url: string) => {
        const page = await browser.get(url)
        const words = wordsOf(page)
        for (const one of hidden) assert.ok(!words.includes(one), `"${one}" at ${url} for ${who}`)
        return { page, words }
      }
      for (const name of feedNames) {
        const { page } = await reads(`/feed?tab=${name}`)
        const [, count = '0'] =
          /aria-current="page">[^<]*<span class="tally">(\d+)</.exec(
            page.body.split('aria-label="Feeds"')[1] ?? '',
          ) ?? []
        assert.equal(page.body.split('<article class="card').length - 1, Number(count), `${name} of ${who}`)
      }
      const found = (await reads('/search?q=zebr')).words
      for (const kind of kinds)
        assert.equal(found.includes(wordsFor(kind)), isSeenBy(kind, who), `${kind} is found by ${who}`)
      assert.doesNotMatch(
        (await reads('/search?q=Ruth')).words,
        /Zebra/,
        `${who} finds no request by its author`,
      )
      assert.equal(/People/.test((await reads('/search?q=Ruth')).words), who !== 'apart', who)
      for (const url of ['/lately', '/answered', '/notices', '/me']) await reads(url)
      let step = String((await browser.get('/pray/begin?requests=20')).headers.location)
      for (let place = 1; place <= 20; place++) {
        const { page } = await reads(step)
        assert.equal(page.statusCode, 200, step)
        step = step.replace(/\d+$/, String(place + 1))
      }
    }
  })

  await t.test('nothing that somebody asked is found by its words, and no hidden name', async () => {
    for (const who of here.concat('apart')) {
      for (const q of ['Zebra', 'nameless', ...(who === 'apart' ? ['Ruth'] : [])])
        assert.match(wordsOf(await comes(who).get(`/people?q=${q}`)), /Nobody found/, `${q} for ${who}`)
    }
  })

  await t.test(
    'what two people who are kept apart prayed before is in no number that the other reads',
    async () => {
      const author = await comes('author').get(address('everyone'))
      assert.match(wordsOf(author), /1 person has prayed .*Only you can see these names\. Tom$/)
      assert.match(wordsOf(await comes('member').get(address('everyone'))), /2 people have prayed/)
      assert.match(wordsOf(await comes('member').get(`/prayers/${prayers.ofMember}`)), /1 person has prayed/)
      assert.doesNotMatch(
        wordsOf(await comes('author').get(`/prayers/${prayers.ofMember}`)),
        /has prayed|Ann/,
      )
    },
  )
})

/** All that an answer tells, but for what each page has afresh. */
const told = (answer: LightMyRequestResponse) => ({
  status: answer.statusCode,
  words: wordsOf(answer)
    .replaceAll(/[pm]_[0-9a-z]{16}/g, 'ID')
    .slice(0, 2_000),
  location: answer.headers.location,
})

const cardOf = (body: string, prayer: string) =>
  new RegExp(`<article class="card" id="${prayer}"[\\s\\S]*?</article>`).exec(body)?.[0] ?? ''

const cookieOf = ({ cookies }: Browser) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

/** Ruth asks in each way; Tom and Ann prayed for what everyone sees, and then Ruth wishes to be kept apart from Ann. */
async function scene(at: Place) {
  const { here: community, comes, browser } = at
  await community.namesKey()
  const withRole = async (name: string, role: Role) => {
    const person = await comes(name)
    await community.does(operator, grantRole, { name, role })
    return person
  }
  const browsers: Readonly<Record<Reader, Browser>> = {
    author: await comes('Ruth'),
    member: await comes('Tom'),
    apart: await comes('Ann'),
    team: await withRole('Luke', 'team'),
    moderator: await withRole('Mo', 'moderator'),
    admin: await withRole('Ada', 'admin'),
    waiting: await waits(at),
    visitor: browser(),
  }
  const asks = async (person: Browser, form: Readonly<Record<string, string>>) => {
    const { headers, body } = await person.post('/prayers', form)
    assert.ok(headers.location, body)
    return String(headers.location).slice('/prayers/'.length)
  }
  const prayers = { ofMember: await asks(browsers.member, { request: 'Lions.' }) } as Record<
    Kind | 'ofMember',
    string
  >
  for (const kind of kinds)
    prayers[kind] = await asks(browsers.author, { request: wordsFor(kind), ...table[kind].form })
  for (const [who, prayer] of [
    ['member', prayers.everyone],
    ['apart', prayers.everyone],
    ['apart', prayers.ofMember],
  ] as const)
    assert.equal((await browsers[who].post(`/prayers/${prayer}/marks`, {})).statusCode, 303)
  community.passes(2 * minutes)
  const idOf = async (name: string) =>
    /href="\/people\/(m_\w+)"/.exec((await browsers.admin.get(`/people?q=${name}`)).body)?.[1] ?? ''
  const ids = { author: await idOf('Ruth'), apart: await idOf('Ann') }
  assert.equal((await browsers.author.post(`/people/${ids.apart}/apart`, {})).statusCode, 303)
  for (const who of readers) await browsers[who].post('/me/welcome', {})
  return { browsers, ids, prayers }
}

/** A browser with the session of somebody who waits for an admin's yes. */
async function waits({ here: community, browser }: Place): Promise<Browser> {
  const cookie = await community.ledger.record((_cache, stamp) => {
    const [member, token] = [stamp.id('member'), stamp.token()]
    const until = '2027-01-01T00:00:00.000Z'
    return {
      drafts: [
        memberJoined.of({ by: 'operator', member, waits: true, name: 'Wendy' }),
        sessionOpened.of({ by: member, session: stamp.id('session'), token: digest(token), until }),
      ],
      result: token,
    }
  })
  const person = browser()
  person.cookies.set('thywill', cookie)
  return person
}

test('a page on the open internet shows the words to anybody, and never more than its author chose', async (t) => {
  const at = await place(t)
  await at.here.namesKey()
  const admin = await at.here.joinsAsAdmin('Ada')
  const turns = (value: string) => at.here.does(admin, changeSetting, { setting: 'publicPages', value })
  const [ruth, tom, visitor] = [await at.comes('Ruth'), await at.comes('Tom'), at.browser()]
  const asks = async (form: Readonly<Record<string, string>>) =>
    String((await ruth.post('/prayers', { request: 'Zebra.', ...form })).headers.location)
  const pageOf = async (prayer: string) =>
    /href="[^"]*(\/open\/u_\w+)"/.exec((await ruth.get(`${prayer}/page`)).body)?.[1] ?? ''
  const named = { forWhom: 'Lydia', consent: 'yes' }
  const prayer = await asks(named)

  assert.equal((await ruth.get(`${prayer}/page`)).statusCode, 404, 'off by itself')
  assert.equal((await ruth.post(`${prayer}/page`, {})).statusCode, 403)
  assert.ok(!(await ruth.get(prayer)).body.includes('open internet'))
  await turns('yes')
  assert.ok((await ruth.get(prayer)).body.includes('open internet'))
  assert.ok(!(await tom.get(prayer)).body.includes('open internet'))
  assert.equal((await tom.post(`${prayer}/page`, {})).statusCode, 403)

  assert.equal((await ruth.post(`${prayer}/page`, {})).statusCode, 303)
  const address = await pageOf(prayer)
  const shown = await visitor.get(address)
  assert.equal(shown.statusCode, 200)
  assert.match(wordsOf(shown), /^A request for prayer Someone Zebra\./)
  assert.doesNotMatch(shown.body, /Ruth|Lydia|og:|description/)
  assert.match(shown.body, /<title>A request for prayer - /)
  assert.match(shown.body, /<meta name="robots" content="noindex">/)
  assert.match(String(shown.headers['x-robots-tag']), /noindex/)
  assert.equal(shown.headers['cache-control'], 'no-store')
  await ruth.post(`${prayer}/page`, {})
  assert.equal(await pageOf(prayer), address, 'made twice it is one')

  await ruth.post(`${prayer}/page`, { named: 'yes' })
  const withNames = await pageOf(prayer)
  assert.match(wordsOf(await visitor.get(withNames)), /^A request for prayer Ruth for Lydia Zebra\./)
  const isGone = async (at: string, why: string) => {
    const answer = await visitor.get(at)
    assert.equal(answer.statusCode, 410, why)
    assert.doesNotMatch(answer.body, /Zebra|Ruth|Lydia/, why)
    assert.equal(answer.headers['cache-control'], 'no-store')
  }
  await isGone(address, 'it shows names now, at another address')
  await turns('no')
  await isGone(withNames, 'the community has none any more')
  await turns('yes')
  assert.equal((await visitor.get(withNames)).statusCode, 200)
  assert.equal((await tom.post(`${prayer}/page/removal`, {})).statusCode, 403)
  assert.equal((await ruth.post(`${prayer}/page/removal`, {})).statusCode, 303)
  await isGone(withNames, 'taken back')

  const nameless = await asks({ nameless: 'yes', ...named })
  await ruth.post(`${nameless}/page`, { named: 'yes' })
  assert.match(wordsOf(await visitor.get(await pageOf(nameless))), /Someone for Lydia Zebra/)
  assert.match(at.here.text(), /prayer\.published\/1 by=someone /)

  const theirs = String((await tom.post('/prayers', { request: 'Zebra of Tom.' })).headers.location)
  await tom.post(`${theirs}/page`, { named: 'yes' })
  const ofTom = /href="[^"]*(\/open\/u_\w+)"/.exec((await tom.get(`${theirs}/page`)).body)?.[1] ?? ''
  assert.match(wordsOf(await visitor.get(ofTom)), /^A request for prayer Tom Zebra of Tom/)
  await at.here.does(admin, deactivateMember, { name: 'Tom' })
  await isGone(ofTom, 'whoever was shut out cannot take it back any more')

  for (const kind of [prayerRested, prayerWithdrawn, prayerAnswered]) {
    const other = await asks({})
    const id = other.slice('/prayers/'.length)
    const happens = (...drafts: Draft[]) => at.here.ledger.record(() => ({ drafts, result: undefined }))
    await ruth.post(`${other}/page`, {})
    const page = await pageOf(other)
    assert.equal((await visitor.get(page)).statusCode, 200)
    at.here.passes(1)
    await happens(kind.of({ by: 'operator', prayer: id }))
    await isGone(page, kind.name)
    assert.equal((await ruth.post(`${other}/page`, {})).statusCode, 403, 'and cannot be made anew')
    at.here.passes(1)
    await happens(prayerReturned.of({ by: 'operator', prayer: id }))
    await isGone(page, 'what comes back is published anew or not at all')
  }
  for (const sees of ['team', 'me'])
    assert.equal((await ruth.post(`${await asks({ sees })}/page`, {})).statusCode, 403, sees)
  assert.equal((await visitor.get('/open/u_0000000000000000')).statusCode, 404)
})
