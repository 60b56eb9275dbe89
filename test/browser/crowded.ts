import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { operator } from '../../src/kernel/actor.ts'
import { knownSettings } from '../../src/kernel/settings.ts'
import { memberRenamed } from '../../src/records/members.ts'
import { passkeyAdded } from '../../src/records/passkeys.ts'
import { prayerPublished } from '../../src/records/publications.ts'
import { mailServer } from '../tools/mail-server.ts'
import type { Browser, Changes } from '../web/browser.ts'
import { type Scene, scene, type Who } from '../web/scene.ts'
import { freePort } from './house.ts'
import { wordIn, wordsOf } from './long-words.ts'

/** The community of test/web/scene.ts at a real address, with everything on, and with the longest words that fit anywhere. */
export interface Crowded extends Scene {
  readonly url: string
  /** What this site has beyond the usual. */
  readonly changes: Changes
  /** Where somebody is who does something there: the path that the answer leads to. */
  sends(who: Browser, path: string, form: Readonly<Record<string, string>>): Promise<string>
  /** A link to join, with a note. */
  noted(): Promise<string>
  /** The addresses where applicants see how theirs stands: it waits, is approved, is declined. */
  readonly applications: readonly string[]
  /** Somebody whom an admin did not let in. */
  readonly declined: Browser
  /** Somebody who waits at the door, and somebody who waits for a letter. */
  readonly atTheDoor: Browser
  readonly forMail: Browser
  /** The address of a link that was mailed. */
  readonly mailed: string
  /** A page on the open internet. */
  readonly publication: string
  readonly loginLink: () => Promise<string>
}

const names: Readonly<Partial<Record<Who, string>>> = {
  member: wordIn('malayalam', 40),
  author: wordIn('cyrillic', 40),
  apart: wordIn('accented', 40),
  team: wordIn('arabic', 40),
  moderator: wordIn('thai', 40),
  admin: wordIn('latin', 40),
}

/** The longest that there can be. */
const sixPhrases = () =>
  Object.values(names)
    .map((name) => `${name}${name.slice(0, 10)}`)
    .join('\n')

/** Settings that are read line by line. */
const lines: Readonly<Record<string, () => string>> = {
  encouragements: sixPhrases,
  reflections: () => `${wordIn('malayalam', 200)} | ${wordIn('latin', 100)}`,
  giving: () => `${wordIn('latin', 100)} https://example.org/${'q'.repeat(200)}`,
}

export async function crowded(t: TestContext): Promise<Crowded> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const mail = await mailServer(t)
  const changes: Changes = {
    env: { PORT: String(port), RATE_LIMITS: 'off' },
    site: () => ({ outbox: mail.outbox }),
  }
  const there = await scene(t, changes)
  const { here, browsers, browser, member, happens } = there
  const { admin, author, moderator } = browsers
  const sends: Crowded['sends'] = async (who, path, form) => {
    const answer = await who.post(path, form)
    assert.equal(answer.statusCode, 303, `${path}: ${answer.body.split('<main')[1]}`)
    return String(answer.headers.location)
  }
  const setTo = (setting: string, value: string) => sends(admin, `/admin/settings/${setting}`, { value })

  for (const [who, name] of Object.entries(names)) await sends(browsers[who as Who], '/me/name', { name })
  await happens(
    memberRenamed.of({ by: 'operator', member: member('waiting'), name: wordIn('georgian', 40) }),
    memberRenamed.of({ by: 'operator', member: member('deactivated'), name: wordIn('amharic', 40) }),
  )
  for (const [name, { field }] of Object.entries(knownSettings))
    if (field === 'words') await setTo(name, lines[name]?.() ?? wordsOf(900))
  await setTo('community', wordIn('latin', 40))
  await setTo('community', wordIn('cyrillic', 40))
  await setTo('vouching', 'yes')
  await setTo('publicPages', 'yes')

  for (const who of [author, browsers.member, admin]) {
    await sends(who, '/me/words', { about: wordsOf(500) })
    await sends(who, '/invites', { note: wordsOf(500) })
  }
  for (const words of [wordIn('malayalam', 40), wordIn('latin', 40)])
    for (const who of ['author', 'member', 'admin'] as const)
      await sends(admin, `/people/${member(who)}/labels`, { words, symbol: '👩‍👩‍👧‍👦' })
  const asked = await sends(author, '/prayers', {
    request: wordsOf(900),
    forWhom: wordIn('latin', 100),
    consent: 'yes',
  })
  for (const who of [author, browsers.member, admin]) await sends(who, `${asked}/marks`, {})
  await sends(author, '/prayers', { request: wordsOf(900), sees: 'me' })
  const first = `/prayers/${there.prayer}`
  await sends(author, `${first}/changes`, {
    request: wordsOf(900),
    forWhom: wordIn('latin', 100),
    consent: 'yes',
  })
  for (const update of [wordsOf(900), wordIn('latin', 200)])
    await sends(author, `${first}/updates`, { update })
  const publication = 'u_0000000000000001'
  await happens(prayerPublished.of({ by: member('author'), prayer: there.prayer, publication, named: true }))
  await sends(author, `${asked}/answers`, { testimony: wordsOf(900) })
  await sends(browsers.member, `${asked}/flags`, { reason: wordsOf(900) })
  const nameless = await sends(author, '/prayers', { request: wordsOf(900), nameless: 'yes' })
  await sends(moderator, `${nameless}/author`, { reason: wordsOf(500) })
  await sends(browsers.member, '/me/apart', { name: names.team ?? '' })
  for (const who of ['author', 'member', 'admin'] as const)
    await happens(
      passkeyAdded.of({
        ...{ by: member(who), passkey: `k_${'0'.repeat(15)}${who.length}`, credential: `credential${who}` },
        ...{ publicKey: 'key', counter: 0, name: wordIn('latin', 60) },
      }),
    )
  await sends(browsers.member, '/me/address', { address: `${'w'.repeat(60)}@${'w'.repeat(60)}.example` })
  const [code = ''] = /\b\d{3} \d{3}\b/.exec((await mail.letter()).words) ?? []
  await sends(browsers.member, '/me/address/number', { code })

  const applies = () =>
    sends(browser(), '/apply', {
      name: wordIn('latin', 100),
      why: wordsOf(900),
      contact: wordIn('latin', 300),
    })
  const applications = [await applies(), await applies(), await applies()]
  const listed = (await admin.get('/admin/applications')).body.matchAll(/"\/admin\/applications\/(\w+)"/g)
  const [, approved, declined] = [...new Set([...listed].map(([, id]) => id))]
  await sends(admin, `/admin/applications/${approved}`, { answer: 'yes' })
  await sends(admin, `/admin/applications/${declined}`, { answer: 'no', reason: wordsOf(900) })

  const invites = async () => {
    const { token } = await here.does(operator, issueInvite, { note: wordsOf(500) })
    return `/claim/${token}`
  }
  const turnedAway = browser()
  const several = await sends(admin, '/invites/several', { seats: '3', days: '30', note: wordsOf(500) })
  await sends(turnedAway, several.replace('/invites/made/', '/claim/'), { name: 'Turned away' })
  const newcomers = (await admin.get('/admin/newcomers')).body
  const id = /id="(m_\w+)"><bdi dir="auto">Turned away/.exec(newcomers)?.[1]
  await sends(admin, `/admin/newcomers/${id}`, { answer: 'no', reason: wordsOf(900) })

  const [atTheDoor, forMail] = [browser(), browser()]
  await sends(atTheDoor, '/sign-in/door', { called: names.author ?? '' })
  await sends(forMail, '/sign-in/mail', { who: names.member ?? '' })
  const [, mailed = ''] = /(\/sign-in\/mail\/[\w-]{22})\n/.exec((await mail.letter()).words) ?? []
  await there.app.listen({ port })
  return {
    ...{
      ...there,
      url,
      changes,
      sends,
      noted: invites,
      applications,
      declined: turnedAway,
      atTheDoor,
      forMail,
      mailed,
      publication,
    },
    async loginLink() {
      const { token } = await here.does(operator, issueLoginLink, { name: names.member })
      return `/sign-in/${token}`
    },
  }
}
