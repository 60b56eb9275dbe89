import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator, type Role } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { digest } from '../../src/kernel/stamp.ts'
import { memberByName } from '../../src/queries/members.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'
import { inviteIssued } from '../../src/records/invites.ts'
import { memberDeactivated, memberJoined } from '../../src/records/members.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { sessionOpened } from '../../src/records/sessions.ts'
import { signInAsked } from '../../src/records/sign-ins.ts'
import { type Browser, type Changes, type Place, place } from './browser.ts'

/*
 * A community in which everybody that matters to a question of rights is there once, each at a browser.
 */

/** Everybody who can ask for a page. `author` asked for prayer, and is kept apart from `apart`. */
export const actors = [
  'visitor',
  'waiting',
  'deactivated',
  'member',
  'author',
  'apart',
  'team',
  'moderator',
  'admin',
] as const
export type Who = (typeof actors)[number]

export interface Scene extends Place {
  readonly browsers: Readonly<Record<Who, Browser>>
  /** The id of a member; of the visitor there is none. */
  member(who: Exclude<Who, 'visitor'>): string
  /** The author's request, which everyone here may see. */
  readonly prayer: string
  /** The id of a request that the author asked without a name. */
  readonly nameless: string
  /** The id of a sign-in that asks for the member's yes. */
  readonly signIn: string
  /** The id of the session that they came with. */
  sessionOf(who: Exclude<Who, 'visitor' | 'deactivated'>): string
  /** The address of a file that pages name. */
  readonly asset: string
  /** The address of an invite that is open. */
  invite(): Promise<string>
  /** The address of a login link of the member's. */
  loginLink(): Promise<string>
  /** Has this happen, whoever may do it. */
  happens(...drafts: readonly Draft[]): Promise<void>
}

const nameOf = (who: Who) => `Person ${who}`

export async function scene(t: TestContext, changes: Changes = {}): Promise<Scene> {
  const there = await place(t, changes)
  const { here, comes, browser } = there
  await here.namesKey()
  const member = (who: Exclude<Who, 'visitor'>) => {
    const found = memberByName(here.ledger.cache(), nameOf(who))
    assert.ok(found, who)
    return found.id
  }
  const happens = async (...drafts: readonly Draft[]) =>
    void (await here.ledger.record(() => ({ drafts, result: undefined })))
  const withRole = async (who: Role) => {
    const person = await comes(nameOf(who))
    await here.does(operator, grantRole, { name: nameOf(who), role: who })
    return person
  }

  const author = await here.joins(nameOf('author'))
  const browsers = {
    visitor: browser(),
    waiting: await waits(there),
    deactivated: await comes(nameOf('deactivated')),
    member: await comes(nameOf('member')),
    author: await signedIn(there, author),
    apart: await comes(nameOf('apart')),
    team: await withRole('team'),
    moderator: await withRole('moderator'),
    admin: await withRole('admin'),
  }
  await happens(
    memberDeactivated.of({ by: 'operator', member: member('deactivated') }),
    pairSeparated.of({ by: author.member, one: author.member, other: member('apart') }),
  )
  const { prayer } = await here.does(author, postPrayer, { request: 'Please pray for my mother.' })
  const nameless = await here.does(author, postPrayer, { request: 'For my fear.', nameless: 'yes' })
  const signIn = await here.ledger.record((_cache, stamp) => {
    const id = stamp.id('signIn')
    const until = '2026-11-23T07:00:00.000Z'
    const asked = { by: 'visitor', signIn: id, member: member('member'), until }
    return { drafts: [signInAsked.of({ ...asked, browser: digest(stamp.token()) })], result: id }
  })
  // Rights that have changed ask for another token, once.
  for (const who of actors) await browsers[who].get('/')
  const asset = /\/assets\/[^"]+/.exec((await browsers.visitor.get('/')).body)?.[0] ?? ''
  const ids = new Map(actors.map((who) => [who, memberByName(here.ledger.cache(), nameOf(who))?.id]))
  const sessions = new Map(
    actors.map((who) => {
      const token = digest(browsers[who].cookies.get('thywill') ?? '')
      return [who, sessionByToken(here.ledger.cache(), token, here.now())?.actor.session]
    }),
  )
  here.written()
  return {
    ...there,
    browsers,
    asset,
    member: (who) => ids.get(who) ?? assert.fail(who),
    nameless: nameless.prayer,
    signIn,
    sessionOf: (who) => sessions.get(who) ?? assert.fail(who),
    prayer,
    happens,
    async invite() {
      const { token } = await here.does(operator, issueInvite, {})
      return `/claim/${token}`
    },
    async loginLink() {
      const { token } = await here.does(operator, issueLoginLink, { name: nameOf('member') })
      return `/sign-in/${token}`
    },
  }
}

/** A browser that holds the session of somebody who waits for an admin's yes. */
async function waits(there: Place): Promise<Browser> {
  return holding(there, (stamp) => {
    const member = stamp.id('member')
    const invite = stamp.id('invite')
    const until = '2027-01-01T00:00:00.000Z'
    return {
      member,
      drafts: [
        inviteIssued.of({ by: 'operator', invite, token: digest(stamp.token()), seats: 1, until }),
        memberJoined.of({ by: 'operator', member, invite, waits: true, name: nameOf('waiting') }),
      ],
    }
  })
}

const signedIn = (there: Place, { member }: Member) => holding(there, () => ({ member, drafts: [] }))

/** A browser with a session of this member's. */
async function holding(
  { here, browser }: Place,
  what: (stamp: Parameters<Parameters<typeof here.ledger.record>[0]>[1]) => {
    readonly member: string
    readonly drafts: readonly Draft[]
  },
): Promise<Browser> {
  const cookie = await here.ledger.record((_cache, stamp) => {
    const { member, drafts } = what(stamp)
    const token = stamp.token()
    const until = '2027-01-01T00:00:00.000Z'
    const opened = sessionOpened.of({
      by: member,
      session: stamp.id('session'),
      token: digest(token),
      until,
    })
    return { drafts: [...drafts, opened], result: token }
  })
  const person = browser()
  person.cookies.set('thywill', cookie)
  return person
}
