import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { routesOf } from './routes.ts'
import { actors, type Scene, scene, type Who } from './scene.ts'

/*
 * Every route × everybody who could ask: the status of the answer. The routes are those that the site really has, so a
 * new one without a row fails here.
 */

type Statuses = Readonly<Record<Who, number>>

interface Row {
  /** Where they ask, when it is not as `usually`. */
  readonly at?: (scene: Scene) => string | Promise<string>
  /** What their form holds. */
  readonly form?: (who: Who) => Readonly<Record<string, string>>
  readonly answers: Statuses
}

/** The same for all, save for some. */
const all = (status: number, but: Partial<Statuses> = {}): Statuses => ({
  ...{ visitor: status, waiting: status, deactivated: status, member: status, author: status, apart: status },
  ...{ team: status, moderator: status, admin: status },
  ...but,
})

/** For whoever belongs here; nobody else learns whether it is there. Whoever waits reads that an admin has to say yes. */
const members = (status: number, but: Partial<Statuses> = {}) =>
  all(status, { visitor: 401, waiting: 403, deactivated: 401, ...but })

/** For everybody but admins it is not there. */
const admins = (status: number) => members(404, { admin: status })

const moderators = (status: number) => members(404, { moderator: status, admin: status })

/** A form that only the author of a request has; whoever sends it after they did may find something else. */
const formRows = (
  at: string,
  form: Readonly<Record<string, string>>,
  afterwards: Partial<Statuses> = {},
): Readonly<Record<string, Row>> => ({
  [`GET /prayers/:prayer/${at}`]: { answers: members(403, { author: 200, apart: 404 }) },
  [`POST /prayers/:prayer/${at}`]: {
    form: () => form,
    answers: members(403, { author: 303, apart: 404, ...afterwards }),
  },
})

const theAuthor =
  (rest: string): NonNullable<Row['at']> =>
  ({ member }) =>
    `/people/${member('author')}${rest}`

const mySignIn =
  (rest: string): NonNullable<Row['at']> =>
  ({ signIn }) =>
    `/me/sign-ins/${signIn}${rest}`

const rows: Readonly<Record<string, Row>> = {
  'GET /': { answers: all(200) },
  'GET /healthz': { answers: all(200) },
  'GET /readyz': { answers: all(200) },
  'GET /assets/:hash/*': { at: ({ asset }) => asset, answers: all(200) },

  // Coming in
  'GET /claim/:token': { at: ({ invite }) => invite(), answers: all(200) },
  'POST /claim/:token': {
    at: ({ invite }) => invite(),
    form: (who) => ({ name: `New ${who}` }),
    answers: members(403, { visitor: 303, deactivated: 303 }),
  },
  'GET /sign-in': { answers: members(302, { visitor: 200, waiting: 302, deactivated: 200 }) },
  'POST /sign-in': { form: () => ({ link: 'no link' }), answers: all(422) },
  'GET /sign-in/:token': { at: ({ loginLink }) => loginLink(), answers: all(200) },
  'POST /sign-in/:token': { at: ({ loginLink }) => loginLink(), answers: all(303) },
  'GET /sign-in/again': { answers: members(200) },
  'POST /sign-in/passkey/options': { answers: all(200) },
  'POST /sign-in/passkey': { answers: all(422) },
  'POST /sign-in/paper-key': { answers: all(422) },
  'POST /sign-in/door': { answers: all(422) },
  'GET /sign-in/waiting': { answers: all(302) },
  'POST /sign-in/waiting': { answers: all(410) },
  'POST /sign-in/waiting/number': { answers: all(303) },
  // This community has no mail.
  'GET /sign-in/mail': { answers: all(404) },
  'POST /sign-in/mail': { answers: all(404) },
  'POST /sign-in/mail/number': { answers: all(410) },
  'GET /sign-in/mail/:token': { answers: all(410) },
  'POST /sign-in/mail/:token': { answers: all(410) },
  // Whoever waits has the button on their page.
  'GET /sign-out': { answers: members(200, { waiting: 302 }) },
  'POST /sign-out': { answers: all(303) },

  'GET /help': { answers: all(200) },
  'GET /rules': { answers: all(200) },
  'POST /rules': { answers: members(303) },
  'GET /privacy': { answers: all(200) },
  'GET /apply': { answers: members(302, { visitor: 200, waiting: 302, deactivated: 200 }) },
  'POST /apply': { answers: all(422) },
  'GET /apply/:token': { answers: all(410) },

  // Praying
  'GET /feed': { answers: members(200) },
  'GET /prayers': { answers: members(302) },
  'POST /prayers': { form: () => ({ request: 'Please.' }), answers: members(303) },
  'GET /prayers/new': { answers: members(200) },
  'POST /prayers/new': { form: () => ({ request: 'Please.' }), answers: members(200) },
  'GET /prayers/preview': { answers: members(302) },
  'POST /prayers/preview': { form: () => ({ request: 'Please.' }), answers: members(200) },
  'POST /drafts': { form: () => ({ request: 'Please.' }), answers: members(200) },
  'POST /drafts/removal': { answers: members(303) },
  'POST /calls': { answers: members(303) },
  'GET /prayers/:prayer': { answers: members(200, { apart: 404 }) },
  'GET /prayers/:prayer/encouragements': { answers: members(200, { author: 404, apart: 404 }) },
  'POST /prayers/:prayer/encouragements': {
    form: () => ({ phrase: 'You are not alone.' }),
    answers: members(303, { author: 403, apart: 404 }),
  },
  'GET /notices': { answers: members(200) },
  'POST /notices/read': { form: () => ({ upTo: '7' }), answers: members(303) },
  'POST /notices/:notice/read': { at: () => '/notices/7/read', answers: members(303) },
  'GET /me/notices': { answers: members(200) },
  'POST /me/notices': { answers: members(303) },
  'GET /pray': { answers: members(200) },
  'GET /pray/begin': {
    at: () => '/pray/begin?requests=5',
    answers: members(303, { author: 200, apart: 200 }),
  },
  'GET /pray/:round/:place': { at: () => '/pray/1-2/1', answers: members(200) },
  'POST /pray/:round/:place': {
    at: () => '/pray/1-2/1',
    form: () => ({ prayer: 'p_0000000000000000' }),
    answers: members(303),
  },
  'POST /prayers/:prayer/marks': { answers: members(303, { apart: 404 }) },
  'POST /prayers/:prayer/unmarks': { answers: members(422, { apart: 404 }) },
  // There are no such pages here.
  'GET /open/:publication': { answers: all(404) },
  'GET /prayers/:prayer/page': { answers: members(403, { author: 404, apart: 404 }) },
  'POST /prayers/:prayer/page': { answers: members(403, { apart: 404 }) },
  'POST /prayers/:prayer/page/removal': { answers: members(403, { author: 303, apart: 404 }) },
  'POST /prayers/:prayer/follows': { answers: members(303, { apart: 404 }) },
  'POST /prayers/:prayer/unfollows': { answers: members(303, { apart: 404 }) },
  'GET /prayers/:prayer/focus': { answers: moderators(200) },
  'POST /prayers/:prayer/focus': {
    form: () => ({ until: '2026-12-01' }),
    answers: moderators(303),
  },
  'GET /prayers/:prayer/author': {
    at: ({ nameless }) => `/prayers/${nameless}/author`,
    answers: moderators(200),
  },
  'POST /prayers/:prayer/author': {
    at: ({ nameless }) => `/prayers/${nameless}/author`,
    form: () => ({ reason: 'Somebody is in danger.' }),
    answers: moderators(303),
  },

  // What becomes of a request
  ...formRows('changes', { request: 'Please pray for her.' }),
  ...formRows('updates', { update: 'She sleeps.' }),
  ...formRows('answers', { testimony: 'She is well.' }),
  ...formRows('closings', { outcome: 'unneeded' }),
  ...formRows('withdrawals', {}, { team: 404, moderator: 404, admin: 404 }),
  'GET /prayers/:prayer/renewals': {
    answers: members(403, { author: 200, apart: 404, moderator: 200, admin: 200 }),
  },
  'POST /prayers/:prayer/renewals': {
    form: () => ({ span: '90' }),
    answers: members(403, { author: 303, apart: 404, moderator: 303, admin: 303 }),
  },
  'POST /prayers/:prayer/rest': { answers: members(403, { author: 303, apart: 404 }) },
  'POST /prayers/:prayer/return': { answers: members(403, { author: 303, apart: 404 }) },
  // Nothing of it was changed yet.
  'GET /prayers/:prayer/earlier': { answers: members(404) },
  'GET /prayers/:prayer/flags': { answers: members(200, { author: 403, apart: 404 }) },
  'POST /prayers/:prayer/flags': {
    form: () => ({ reason: 'It names somebody.' }),
    answers: members(303, { author: 403, apart: 404 }),
  },
  'GET /answered': { answers: members(200) },

  // Oneself
  'GET /me': { answers: members(200) },
  'GET /me/name': { answers: members(200) },
  'POST /me/name': { form: (who) => ({ name: `Renamed ${who}` }), answers: members(303) },
  'POST /me/name/:record/erasure': { answers: members(422) },
  'GET /me/words': { answers: members(200) },
  'POST /me/words': { form: () => ({ about: 'I sing.' }), answers: members(303) },
  'GET /me/praying': { answers: members(200) },
  'POST /me/praying': { answers: members(422) },
  'GET /me/apart': { answers: members(200) },
  'POST /me/apart': { answers: members(422) },
  'POST /me/welcome': { answers: members(303) },
  'GET /me/devices': { answers: members(200) },
  'POST /me/devices/sign-out': { answers: members(303) },
  // Another's session is not there.
  'POST /me/devices/:session/sign-out': {
    at: ({ sessionOf }) => `/me/devices/${sessionOf('member')}/sign-out`,
    answers: members(404, { member: 303 }),
  },
  'GET /me/ways-in': { answers: members(200) },
  'GET /me/way-back': { answers: members(200) },
  'POST /me/paper-key': { answers: members(200) },
  'POST /me/passkeys': { answers: members(422) },
  'POST /me/passkeys/options': { answers: members(200) },
  'POST /me/passkeys/:passkey/removal': { answers: members(404) },
  'GET /me/address': { answers: members(200) },
  'POST /me/address': { answers: members(404) },
  'POST /me/address/number': { answers: members(422) },
  'POST /me/address/removal': { answers: members(303) },
  'GET /me/sign-ins': { answers: members(200) },
  'POST /me/sign-ins': { answers: members(422) },
  'POST /me/sign-ins/refusals': { answers: members(303) },
  'GET /me/sign-ins/:signIn': { at: mySignIn(''), answers: members(404, { member: 200 }) },
  'POST /me/sign-ins/:signIn/approvals': {
    at: mySignIn('/approvals'),
    form: () => ({ number: '000000' }),
    answers: members(404, { member: 422 }),
  },
  'POST /me/sign-ins/:signIn/refusals': {
    at: mySignIn('/refusals'),
    answers: members(404, { member: 303 }),
  },

  'GET /reflection': { answers: all(200) },
  'GET /creed': { answers: all(200) },
  'GET /how-it-works': { answers: all(200) },
  'GET /whats-new': { answers: all(200) },
  // Nobody has said where to give.
  'GET /giving': { answers: all(404) },
  'GET /lately': { answers: members(200) },
  'GET /search': { at: () => '/search?q=pray', answers: members(200) },

  // One another
  'GET /people': { answers: members(200) },
  'GET /people/:member': { at: theAuthor(''), answers: members(200, { apart: 404 }) },
  'GET /people/:member/apart': {
    at: theAuthor('/apart'),
    answers: members(200, { author: 404, apart: 404 }),
  },
  'POST /people/:member/apart': {
    at: theAuthor('/apart'),
    answers: members(303, { author: 422, apart: 404 }),
  },
  'POST /people/:member/rejoin': { at: theAuthor('/rejoin'), answers: members(303) },
  'GET /people/tree': { answers: members(200) },
  'GET /invites': { answers: members(200) },
  'POST /invites': { answers: members(303) },
  // Another's invite is not there.
  'GET /invites/made/:token': { answers: members(404) },
  'POST /invites/:invite/revocation': { answers: members(404) },
  'GET /invites/several': { answers: admins(200) },
  'POST /invites/several': { answers: admins(303) },
  // Vouching is off.
  'GET /vouch': { answers: members(404) },
  'POST /vouch': { answers: members(404) },

  // For all
  'POST /people/:member/labels': { answers: members(403, { admin: 422 }) },
  'POST /people/:member/labels/:label/take': { answers: members(403, { admin: 303 }) },
  'GET /admin': { answers: admins(200) },
  'GET /admin/people': { answers: admins(200) },
  'GET /admin/people/:member': { answers: admins(200) },
  'POST /admin/people/:member/roles': { answers: admins(422) },
  'POST /admin/people/:member/roles/end': { answers: admins(422) },
  'POST /admin/people/:member/deactivate': { answers: admins(303) },
  'POST /admin/people/:member/reactivate': { answers: admins(303) },
  'POST /admin/people/:member/sign-out': { answers: admins(303) },
  'GET /admin/links': { answers: admins(200) },
  'POST /admin/links/invites/:invite/revoke': { answers: admins(404) },
  'POST /admin/links/logins/:link/revoke': { answers: admins(404) },
  'GET /admin/sign-everyone-out': { answers: admins(200) },
  'POST /admin/sign-everyone-out': { answers: admins(303) },
  'GET /admin/audit': { answers: admins(200) },
  'POST /admin/audit/csv': { answers: admins(200) },
  'GET /admin/calls': { answers: moderators(200) },
  // Nobody asked to be called.
  'POST /admin/calls/:member': { answers: members(404) },
  'GET /admin/apart': { answers: moderators(200) },
  'POST /admin/apart': { answers: moderators(422) },
  'POST /admin/apart/rejoin': { answers: moderators(422) },
  'GET /admin/focus': { answers: moderators(200) },
  'POST /admin/focus/moves': { answers: moderators(422) },
  'POST /admin/focus/ends': { answers: moderators(422) },
  'GET /admin/flags': { answers: moderators(200) },
  'POST /admin/flags/:flag/settlements': { answers: moderators(422) },
  'GET /admin/newcomers': { answers: admins(200) },
  'POST /admin/newcomers/:member': { answers: admins(422) },
  'POST /admin/people/:member/inviting': { answers: admins(303) },
  'GET /admin/applications': { answers: admins(200) },
  'POST /admin/applications/:application': { answers: admins(422) },
  'GET /admin/settings': { answers: admins(200) },
  'GET /admin/settings/:setting': { answers: admins(200) },
  'POST /admin/settings/:setting': { answers: admins(422) },
  'GET /admin/login-links': { answers: admins(200) },
  'POST /admin/login-links': { answers: admins(422) },

  // Keeping archive and cache well
  'GET /admin/recovery': { answers: admins(200) },
  'GET /admin/recovery/segments': { answers: admins(200) },
  'GET /admin/recovery/coverage': { answers: admins(200) },
  'GET /admin/recovery/history': { answers: admins(200) },
  'GET /admin/recovery/growth': { answers: admins(200) },
  'GET /admin/recovery/problems': { answers: admins(200) },
  'GET /admin/recovery/work': { answers: admins(200) },
  'POST /admin/recovery/work': { form: () => ({ kind: 'verify' }), answers: admins(303) },
  'POST /admin/recovery/work/end': { answers: admins(303) },
  'GET /admin/recovery/progress': { answers: admins(204) },
  // This server watches no month, so there is no edit to end.
  'GET /admin/recovery/edits': { answers: admins(200) },
  'POST /admin/recovery/edits': { answers: members(404) },
  'GET /admin/recovery/edits/:month/restore': { answers: members(404) },
  'POST /admin/recovery/edits/:month/restore': { answers: members(404) },
  'GET /admin/recovery/edits/:month/accept': { answers: members(404) },
  'POST /admin/recovery/edits/:month/accept': { answers: members(404) },
  'GET /admin/recovery/sheet': { answers: admins(200) },
  'POST /admin/recovery/sheet': { answers: admins(422) },
  'GET /admin/recovery/sheet/print': { answers: admins(302) },
  'POST /admin/recovery/sheet/print': { answers: admins(200) },
}

/** Where a route leads when its row does not say. */
const usually = ({ member, prayer }: Scene, url: string) =>
  url
    .replace(':member', member('member'))
    .replace(':prayer', prayer)
    .replace(':setting', 'community')
    .replace(':month', '2026-11')
    .replace(/:\w+/g, 'x_0000000000000000')

/** What is asked at each route, as its row says. */
async function asked(there: Scene, route: string, who: Who) {
  const [method, url = ''] = route.split(' ')
  const row = rows[route]
  assert.ok(row, route)
  const at = (await row.at?.(there)) ?? usually(there, url)
  const browser = there.browsers[who]
  if (method === 'GET') return browser.get(at)
  return browser.post(at, row.form?.(who) ?? {})
}

async function answersOf(there: Scene, route: string): Promise<Statuses> {
  const answers: Partial<Record<Who, number>> = {}
  for (const who of actors) answers[who] = (await asked(there, route, who)).statusCode
  return answers as Statuses
}

test('every route has its row in the table, and every row its route', async (t) => {
  const { routes } = await routesOf(() => scene(t))
  assert.deepEqual([...routes].sort(), Object.keys(rows).sort())
})

test('whatever somebody writes into an address where an id stands, it is understood as a "no"', async (t) => {
  const { browsers } = await scene(t)
  for (const [route, { form }] of Object.entries(rows)) {
    const [method, url = ''] = route.split(' ')
    if (!url.includes(':')) continue
    for (const made of ['x', '%00', '-1', 'm_0000000000000000', '%F0%9F%99%8F', 'a'.repeat(3_000)]) {
      const at = url.replace(/:\w+/g, made)
      const { admin } = browsers
      const { statusCode } = await (method === 'GET' ? admin.get(at) : admin.post(at, form?.('admin') ?? {}))
      assert.ok(statusCode < 500, `${route} with ${made.slice(0, 20)}: ${statusCode}`)
    }
  }
})

suite('who may', () => {
  test('open each page, and that opening it changes nothing', async (t) => {
    const there = await scene(t)
    for (const [route, { answers }] of Object.entries(rows)) {
      if (!route.startsWith('GET ')) continue
      there.here.written()
      assert.deepEqual(await answersOf(there, route), answers, route)
      const written = there.here.written().filter((header) => !isLink(header))
      assert.deepEqual(written, [], route)
    }
  })

  for (const route of Object.keys(rows).filter((route) => !route.startsWith('GET ')))
    test(route, async (t: TestContext) => {
      assert.deepEqual(await answersOf(await scene(t), route), rows[route]?.answers)
    })
})

/** What a row itself makes so that there is something to open. */
const isLink = (header: string) => /^(invite|login-link)\.(issued|revoked)/.test(header)
