import fc from 'fast-check'
import { addAddress, removeAddress } from '../../src/commands/addresses.ts'
import { acceptRules } from '../../src/commands/agreements.ts'
import { decideApplication, lapseApplications, sendApplication } from '../../src/commands/applications.ts'
import { seeAuthor } from '../../src/commands/author-lookups.ts'
import { type Command, perform, type Recorder } from '../../src/commands/command.ts'
import { closeOtherSessions } from '../../src/commands/devices.ts'
import { inviteSomebody, issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { pauseInviting, resumeInviting } from '../../src/commands/inviting.ts'
import { giveLabel, takeLabel } from '../../src/commands/labels.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { markPrayer, unmarkPrayer } from '../../src/commands/marks.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { changeProfile, changeVisibility, dismissWelcome, renameMyself } from '../../src/commands/myself.ts'
import { admitMember, declineMember } from '../../src/commands/newcomers.ts'
import { makePaperKey, signInByPaperKey } from '../../src/commands/paper-keys.ts'
import { addPasskey, removePasskey, signInByPasskey } from '../../src/commands/passkeys.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { keepApart, keepOthersApart, rejoin, rejoinOthers } from '../../src/commands/separations.ts'
import { rekeySession, renewSession, signInByLink, signOut } from '../../src/commands/sessions.ts'
import { changeSetting } from '../../src/commands/settings.ts'
import { approveSignIn, askSignIn, finishSignIn, refuseSignIn } from '../../src/commands/sign-ins.ts'
import { closeAllSessions, closeSessionsOf } from '../../src/commands/signing-out.ts'
import { deactivateMember, reactivateMember } from '../../src/commands/standing.ts'
import { type Actor, isAdmin, operator, roles, schedule, visitor } from '../../src/kernel/actor.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { digest, type Source } from '../../src/kernel/stamp.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { labelsOf } from '../../src/queries/labels.ts'
import { memberByName } from '../../src/queries/members.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'

/*
 * All that people do here, at random. Whom and what it is about is found out when they set about it, as a page shows it to
 * them; by the time that it is done, much may be otherwise.
 */

/** What somebody does: numbers from 0 to 5 say who, about what, and how. */
export interface Deed {
  readonly does: Doing
  readonly at: readonly [who: number, what: number, how: number]
  readonly words: string
}

/** What people hold in their hands. */
export interface Hands {
  readonly invites: { readonly invite: string; readonly token: string }[]
  readonly cookies: string[]
  readonly prayers: string[]
  readonly links: string[]
  readonly papers: string[]
  readonly passkeys: { readonly id: string; readonly owner: string; readonly credential: string }[]
  readonly applications: string[]
  readonly signIns: string[]
}

export const emptyHands = (): Hands => ({
  ...{ invites: [], cookies: [], prayers: [], links: [] },
  ...{ papers: [], passkeys: [], applications: [], signIns: [] },
})

/** Does it. What they take into their hands by it they take when it is their turn. */
export type Attempt = () => Promise<(hands: Hands) => void>

interface Place {
  readonly ledger: Ledger
  readonly source: Source
  readonly held: Hands
}

/** Whoever sets about something, and what they have before them. */
interface Sight extends Place {
  readonly who: Actor
  /** The three numbers of the deed. */
  readonly at: number
  readonly what: number
  readonly how: number
  readonly words: string
  /** A name, the id of whoever is called so, and that of whoever is called by the next. */
  readonly name: string
  readonly member: string
  readonly other: string
  readonly prayer: string
  readonly yes: 'yes' | 'no'
  as(who: Actor): Sight
  /** The admin who came in last. */
  asAdmin(): Sight
  does<Who extends Actor, Input, Result>(
    command: Command<Who, Input, Result>,
    raw: object,
    take?: (result: Result, hands: Hands) => void,
  ): Attempt
}

/** In so many of all deeds, and how. */
type Act = readonly [often: number, attempt: (sight: Sight) => Attempt]

const names = ['Ruth', 'Daniel', 'María', 'Noor', 'Ruth', 'admin']
const browsers = ['A', 'B', 'C'].map((letter) => letter.repeat(22))
const settings = [
  ['community', 'St Mary'],
  ['adminSaysYes', 'yes'],
  ['adminSaysYes', 'no'],
  ['vouching', 'yes'],
  ['applications', 'no'],
  ['rules', 'Be kind.'],
] as const

/** Of what came last, so that something is still good for something. */
const pick = <One>(from: readonly One[], at: number): One | undefined =>
  from.at(-1 - (at % Math.max(1, from.length)))
/** What a form holds that may be sent twice. */
const keyOf = (what: string, how: number) => (how < 4 ? `${what} ${how}` : undefined)
const comesIn = ({ cookie }: { readonly cookie: string }, { cookies }: Hands) => void cookies.push(cookie)

const acts = {
  claim: [
    12,
    ({ as, held, at, name, how }) => {
      const token = pick(held.invites, at)?.token ?? ''
      return as(visitor).does(
        claimInvite,
        { token, name, browser: `This is browser number ${how}.` },
        (claimed, hands) => {
          if (!claimed.alreadyHere) comesIn(claimed, hands)
        },
      )
    },
  ],
  'issue an invite': [
    4,
    (sight) => {
      const { what, how } = sight
      const raw = { seats: what, admin: how === 1, asksAdmin: how === 2 ? 'yes' : undefined }
      const from = how < 3 ? sight.as(operator) : sight
      return from.does(issueInvite, raw, (link, { invites }) => void invites.push(link))
    },
  ],
  'invite somebody': [
    3,
    ({ does, words, how }) =>
      does(
        inviteSomebody,
        { note: words, key: keyOf('the form of an invite', how) },
        (link, { invites }) => void invites.push(link),
      ),
  ],
  'revoke an invite': [
    1,
    ({ as, held, what }) =>
      as(operator).does(revokeInvite, { invite: pick(held.invites, what)?.invite ?? '' }),
  ],
  'open the first link': [
    1,
    ({ as }) =>
      as(operator).does(openFirstLink, {}, (link, { invites }) => {
        if (link.token !== null) invites.push(link)
      }),
  ],
  'pause an inviting': [
    1,
    ({ asAdmin, member, how }) => asAdmin().does(how < 3 ? pauseInviting : resumeInviting, { member }),
  ],

  apply: [
    3,
    ({ as, name, words, how }) =>
      as(visitor).does(
        sendApplication,
        { name, why: words, contact: words, key: keyOf('the form of an application', how) },
        ({ application, token }, { applications, invites }) => {
          applications.push(application)
          // When an admin says yes, this is the link of the invite.
          invites.push({ invite: '', token })
        },
      ),
  ],
  'decide an application': [
    3,
    ({ asAdmin, held, what, yes, words }) =>
      asAdmin().does(decideApplication, {
        application: pick(held.applications, what) ?? '',
        answer: yes,
        reason: words,
      }),
  ],
  'let applications lapse': [1, ({ as }) => as(schedule).does(lapseApplications, {})],
  'answer a newcomer': [
    3,
    ({ asAdmin, member, yes, words }) =>
      yes === 'yes'
        ? asAdmin().does(admitMember, { member })
        : asAdmin().does(declineMember, { member, reason: words }),
  ],

  post: [
    9,
    ({ does, words, what, how }) =>
      does(
        postPrayer,
        {
          ...{ request: words, key: keyOf('post', how) },
          ...{
            sees: (['everyone', 'everyone', 'team', 'me'] as const)[what],
            nameless: what > 3 ? 'yes' : '',
          },
        },
        ({ prayer }, { prayers }) => void prayers.push(prayer),
      ),
  ],
  mark: [
    15,
    ({ does, source, prayer, what, how }) => {
      const prayedAt = what > 2 ? momentOf(source.now() - what * 3_600_000) : undefined
      return does(markPrayer, { prayer, prayedAt, key: keyOf(`mark ${prayer}`, how) })
    },
  ],
  unmark: [6, ({ does, prayer }) => does(unmarkPrayer, { prayer })],
  'see who asked': [2, ({ asAdmin, prayer, words }) => asAdmin().does(seeAuthor, { prayer, reason: words })],

  rename: [3, ({ does, name, how }) => does(renameMyself, { name: `${name}${how > 2 ? ' Rose' : ''}` })],
  'say a few words': [2, ({ does, words, how }) => does(changeProfile, { about: how === 0 ? '' : words })],
  'pray unseen': [2, ({ does, yes }) => does(changeVisibility, { unseen: yes })],
  'put the welcome away': [1, ({ does }) => does(dismissWelcome, {})],
  'say yes to the rules': [1, ({ does }) => does(acceptRules, {})],
  'give an address': [
    2,
    ({ does, what, how }) =>
      how === 0 ? does(removeAddress, {}) : does(addAddress, { address: `person${what}@example.org` }),
  ],
  'make a paper key': [
    3,
    ({ does, how }) =>
      does(makePaperKey, { key: keyOf('paper', how) }, ({ words }, { papers }) => {
        if (words) papers.push(words.join(' '))
      }),
  ],
  'add a passkey': [
    3,
    ({ does, who, what, how }) => {
      const credential = `credential-${what}`
      const raw = { name: 'My telephone', credential, publicKey: 'key', counter: how }
      return does(addPasskey, raw, ({ passkey }, { passkeys }) => {
        if ('member' in who) passkeys.push({ id: passkey, owner: who.member, credential })
      })
    },
  ],
  'remove a passkey': [
    2,
    ({ does, held, what }) => does(removePasskey, { passkey: pick(held.passkeys, what)?.id ?? '' }),
  ],

  'keep apart': [3, ({ does, member }) => does(keepApart, { member })],
  rejoin: [2, ({ does, member }) => does(rejoin, { member })],
  'keep others apart': [
    2,
    ({ asAdmin, name, how }) => asAdmin().does(keepOthersApart, { one: name, other: pick(names, how) ?? '' }),
  ],
  'rejoin others': [1, ({ asAdmin, member, other }) => asAdmin().does(rejoinOthers, { one: member, other })],

  'issue a login link': [
    4,
    ({ as, name }) =>
      as(operator).does(issueLoginLink, { name }, ({ token }, { links }) => void links.push(token)),
  ],
  'come in by a link': [
    3,
    ({ does, held, what }) => does(signInByLink, { token: pick(held.links, what) ?? '' }, comesIn),
  ],
  'come in by paper': [
    3,
    ({ does, held, what }) => does(signInByPaperKey, { words: pick(held.papers, what) ?? '' }, comesIn),
  ],
  'come in by a passkey': [
    3,
    ({ does, held, what, how }) => {
      const { owner, credential = '' } = pick(held.passkeys, what) ?? {}
      return does(signInByPasskey, { credential, owner, counter: 2 * how }, comesIn)
    },
  ],
  'knock at the door': [
    4,
    ({ as, name, how }) =>
      as(visitor).does(askSignIn, { name, browser: pick(browsers, how) }, ({ signIn }, { signIns }) => {
        if (signIn) signIns.push(signIn)
      }),
  ],
  'let somebody in': [
    4,
    ({ does, held, what, how }) =>
      does(how < 5 ? approveSignIn : refuseSignIn, { signIn: pick(held.signIns, what) ?? '' }),
  ],
  'come in by the door': [
    4,
    ({ as, how }) => as(visitor).does(finishSignIn, { browser: pick(browsers, how) }, comesIn),
  ],
  'sign out': [2, ({ does }) => does(signOut, {})],
  'sign other devices out': [1, ({ does }) => does(closeOtherSessions, {})],
  renew: [2, ({ does }) => does(renewSession, {})],
  rekey: [3, ({ does }) => does(rekeySession, {}, (fresh, hands) => void (fresh && comesIn(fresh, hands)))],

  'give a role': [
    4,
    ({ as, name, at, how }) =>
      as(operator).does(grantRole, { name, role: roles[at % 3], until: how === 0 ? '2027-01-31' : '' }),
  ],
  'take a role': [2, ({ as, name, at }) => as(operator).does(revokeRole, { name, role: roles[at % 3] })],
  'give a label': [
    2,
    ({ asAdmin, member, words, how }) =>
      asAdmin().does(giveLabel, { member, words: words.slice(0, 40), symbol: how === 0 ? '*' : '' }),
  ],
  'take a label': [
    1,
    ({ asAdmin, ledger, member, how }) =>
      asAdmin().does(takeLabel, { member, label: pick(labelsOf(ledger.cache(), member), how)?.id ?? '' }),
  ],
  deactivate: [
    2,
    (sight) => (sight.how < 3 ? sight.as(operator) : sight).does(deactivateMember, { name: sight.name }),
  ],
  reactivate: [2, ({ as, name }) => as(operator).does(reactivateMember, { name })],
  'sign somebody out': [1, ({ asAdmin, member }) => asAdmin().does(closeSessionsOf, { member })],
  'sign everyone out': [1, ({ as, how }) => as(how < 2 ? operator : visitor).does(closeAllSessions, {})],
  'change a setting': [
    3,
    ({ asAdmin, what, how }) => {
      const [setting, value] = pick(settings, what) ?? []
      return asAdmin().does(changeSetting, how === 0 ? { setting, back: '0' } : { setting, value })
    },
  ],
} as const satisfies Readonly<Record<string, Act>>

export type Doing = keyof typeof acts

// Object.keys forgets which names they are.
export const doings = Object.keys(acts) as readonly Doing[]

const few = fc.nat(5)
const words = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }),
  fc.constantFrom(
    '= 0',
    '@1 2026-11-22T07:00:00.000Z x.y/1',
    '| x\n\n~y z',
    ' lines \r\n of\ttext\n',
    'שלום 🙏🏽',
  ),
)

/** Anything that anybody may do. */
export const anyDeed: fc.Arbitrary<Deed> = fc.record({
  does: fc.oneof(...doings.map((does) => ({ weight: acts[does][0], arbitrary: fc.constant(does) }))),
  at: fc.tuple(few, few, few),
  words,
})

/** Finds out now whom and what it is about, as it is before the round. */
export function attemptAt({ does, at: [at, what, how], words }: Deed, place: Place): Attempt {
  const { ledger, source, held } = place
  const record: Recorder = ledger.record
  const now = momentOf(source.now())
  const actorOf = (cookie: string) => sessionByToken(ledger.cache(), digest(cookie), now)?.actor
  const called = (name: string) => memberByName(ledger.cache(), name)?.id ?? ''
  const sightOf = (who: Actor): Sight => ({
    ...{ ...place, who, at, what, how, words },
    ...{ name: names[what] ?? '', member: called(names[what] ?? ''), other: called(names[how] ?? '') },
    ...{ prayer: pick(held.prayers, what) ?? '', yes: how % 2 === 0 ? 'yes' : 'no' },
    as: sightOf,
    asAdmin: () => sightOf(held.cookies.map(actorOf).findLast((actor) => actor && isAdmin(actor)) ?? visitor),
    does: (command, raw, take) => () =>
      perform(record, command, who, raw).then((result) => (hands) => take?.(result, hands)),
  })
  const cookie = pick(held.cookies, at)
  const [, attempt] = acts[does]
  return attempt(sightOf((cookie && actorOf(cookie)) || visitor))
}
