import type { Browser } from '../web/browser.ts'
import type { Crowded } from './crowded.ts'
import { wordIn, wordsOf } from './long-words.ts'

/** A page, and what somebody does to see it: they go to an address, or send a form there. */
export interface Opening {
  readonly at: string
  readonly sends?: Readonly<Record<string, string>>
  /** Who; else everybody of the scene tries. */
  readonly who?: Browser
  readonly agent?: string
}

/** What stands for the parameters of an address. */
export const parameters = ({
  member,
  prayer,
  nameless,
  signIn,
}: Crowded): Readonly<Record<string, string>> => ({
  ...{ member: member('author'), prayer, nameless, signIn },
})

/** What addresses of ids do not lead to: links, pages of several kinds, and pages that only a form brings. */
export async function openings(there: Crowded): Promise<readonly Opening[]> {
  const { browsers, member, nameless, noted, loginLink, applications } = there
  const { visitor, author, moderator, admin } = browsers
  const invite = await noted()
  const begun = await browsers.member.get('/pray/begin?requests=5')
  const round = String(begun.headers.location)
  const onAdmin = `/admin/people/${member('moderator')}`
  return [
    { at: '/nowhere', who: visitor },
    { at: '/nowhere', who: author },
    { at: there.asset },
    { at: '/', who: there.declined },
    { at: invite },
    { at: invite, who: visitor, agent: 'Mozilla/5.0 (iPhone) Instagram' },
    { at: invite, who: visitor, agent: 'WhatsApp/2.23' },
    { at: invite, who: visitor, sends: { name: '?' } },
    { at: await loginLink(), who: visitor },
    { at: '/sign-in', who: visitor, sends: { link: wordIn('latin', 100) } },
    { at: '/sign-in/paper-key', who: visitor, sends: { words: wordIn('latin', 200) } },
    { at: '/sign-in/waiting', who: there.atTheDoor },
    { at: '/sign-in/mail', who: there.forMail },
    { at: '/sign-in/mail', who: visitor },
    { at: there.mailed, who: visitor },
    ...applications.map((at) => ({ at, who: visitor })),
    { at: '/apply', who: visitor, sends: { website: 'x', name: wordIn('latin', 100) } },

    {
      at: '/prayers/new',
      who: author,
      sends: { request: wordsOf(900), forWhom: wordIn('latin', 100), consent: 'yes' },
    },
    {
      at: '/prayers/preview',
      who: author,
      sends: { request: wordsOf(900), forWhom: wordIn('latin', 100), consent: 'yes' },
    },
    { at: '/prayers/preview', who: author, sends: { request: '' } },
    { at: '/feed?before=1000', who: author },
    { at: `/prayers/${nameless}/author`, who: moderator },
    { at: `/prayers/${nameless}/author`, who: admin, sends: { reason: '' } },
    { at: `/prayers/${there.prayer}/page`, who: author },
    { at: `/open/${there.publication}`, who: visitor },
    {
      at: `/prayers/${there.prayer}/changes`,
      who: author,
      sends: { request: '', day: '2020-01-01', topic: 'W' },
    },
    { at: `/prayers/${there.prayer}/closings`, who: author, sends: { words: 'W'.repeat(1_001) } },
    { at: `/prayers/${there.prayer}/renewals`, who: author, sends: {} },
    { at: '/pray/begin?requests=5', who: browsers.member },
    { at: round, who: browsers.member },
    { at: '/pray/1-2/1', who: browsers.member },
    { at: `/prayers/${there.prayer}/encouragements`, who: browsers.member, sends: { phrase: '' } },
    { at: `/people?q=${wordIn('latin', 90)}`, who: author },
    { at: `/people/${member('author')}/labels`, who: admin, sends: { words: '', symbol: 'ab' } },
    { at: '/people/tree', who: author },

    { at: '/me/name', who: author, sends: { name: wordIn('latin', 90) } },
    { at: '/me/words', who: author, sends: { about: 'W'.repeat(501) } },
    { at: '/me/praying', who: author, sends: {} },
    { at: '/me/apart', who: author, sends: { name: wordIn('latin', 90) } },
    { at: '/me/paper-key', who: author, sends: {} },
    { at: '/me/address', who: author, sends: { address: wordIn('latin', 90) } },
    { at: '/me/sign-ins', who: browsers.member, sends: { code: '1' } },
    { at: '/vouch', who: author, sends: { name: wordIn('latin', 90) } },
    { at: '/invites', who: author, sends: { note: 'W'.repeat(501) } },
    { at: await there.sends(browsers.team, '/invites', { note: wordsOf(500) }), who: browsers.team },
    { at: '/invites/several', who: admin, sends: { seats: 'W', days: '0' } },

    { at: `${onAdmin}/roles`, who: admin, sends: { role: '', until: '2020-01-01' } },
    { at: '/admin/apart', who: moderator, sends: { one: wordIn('latin', 90), other: '' } },
    { at: '/admin/login-links', who: admin, sends: { name: wordIn('latin', 90) } },
    { at: '/admin/login-links', who: admin, sends: { name: 'Person member' } },
    ...['community', 'rules', 'adminSaysYes', 'timeZone'].map((setting) => ({
      at: `/admin/settings/${setting}`,
      who: admin,
    })),
    { at: '/admin/settings/community', who: admin, sends: { value: '' } },
    { at: '/admin/recovery/sheet/print', who: admin, sends: {} },
    { at: '/admin/recovery/sheet', who: admin, sends: {} },
  ]
}

/** Pages of which other tests have the states: of a start, and of months that somebody changed from outside. */
export const elsewhere = [
  ...['starting', 'recovery/edit-end'],
  ...['restore', 'accept'].map((way) => `GET /admin/recovery/edits/:month/${way}`),
]
