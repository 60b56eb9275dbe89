import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { operator } from '../../src/kernel/actor.ts'
import { hours } from '../../src/kernel/moment.ts'
import { isSaid } from '../../src/queries/admin/audit.ts'
import { memberByName } from '../../src/queries/members.ts'
import { audit } from '../../src/records/audit.ts'
import { kinds } from '../../src/records/kinds.ts'
import { memberJoined, memberRenamed } from '../../src/records/members.ts'
import { type Browser, type Place, place, wordsOf } from './browser.ts'

async function admin({ here, comes }: Place, name = 'Ruth') {
  const person = await comes(name)
  await here.does(operator, grantRole, { name, role: 'admin' })
  return person
}

const pathOf = ({ here }: Place, name: string) =>
  `/admin/people/${memberByName(here.ledger.cache(), name)?.id ?? assert.fail(name)}`

const pages = ['', '/people', '/links', '/sign-everyone-out', '/audit', '/settings', '/recovery'].map(
  (path) => `/admin${path}`,
)

test('pages for admins are nowhere for anybody else, and ask again after twelve hours', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  const tom = await at.comes('Tom')
  const person = pathOf(at, 'Tom')
  for (const path of [...pages, person]) {
    assert.equal((await ruth.get(path)).statusCode, 200, path)
    assert.equal((await tom.get(path)).statusCode, 404, path)
    assert.equal((await at.browser().get(path)).statusCode, 401, path)
  }
  const forms = ['roles', 'roles/end', 'deactivate', 'reactivate', 'sign-out'].map(
    (end) => `${person}/${end}`,
  )
  for (const form of [...forms, '/admin/sign-everyone-out', '/admin/audit/csv']) {
    assert.equal((await tom.post(form, { role: 'admin' })).statusCode, 404, form)
    assert.equal((await at.browser().post(form, { role: 'admin' })).statusCode, 401, form)
  }
  at.here.passes(13 * hours)
  for (const path of [...pages, person]) assert.equal((await ruth.get(path)).statusCode, 401, path)
  assert.equal((await ruth.get('/')).statusCode, 200, 'everything else goes on')
})

test('while nothing can be saved, and so nobody can come in anew, admins are not asked to', async (t) => {
  let writable = true
  const sentence = 'Nothing can be saved.'
  const at = await place(t, {
    site: () => ({ state: () => (writable ? { writable } : { writable, sentence }) }),
  })
  const ruth = await admin(at)
  at.here.passes(13 * hours)
  assert.equal((await ruth.get('/admin/recovery')).statusCode, 401)
  writable = false
  assert.equal((await ruth.get('/admin/recovery')).statusCode, 200)
  assert.equal((await (await at.comes('Tom')).get('/admin/recovery')).statusCode, 404)
})

test('people are found by name, role and standing, by pages', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  for (let n = 0; n < 55; n++) await at.comes(`Mary ${n}`)
  await at.comes("Tom O'Hara")
  await ruth.post(`${pathOf(at, 'Mary 7')}/deactivate`, {})
  await ruth.post(`${pathOf(at, 'Mary 8')}/roles`, { role: 'team', until: '' })
  const first = await ruth.get('/admin/people')
  assert.match(wordsOf(first), /Tom O'Hara.*Mary 54/)
  assert.doesNotMatch(wordsOf(first), /Mary 4 /)
  const older = /href="([^"]+)" rel="next"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
  assert.match(wordsOf(await ruth.get(older)), /Mary 4 .*Ruth/)
  const lists = async (query: string) =>
    [
      ...(await ruth.get(`/admin/people?${query}`)).body.matchAll(/people\/m_\w+"><bdi dir="auto">([^<]*)</g),
    ].map(([, name]) => name)
  assert.deepEqual(await lists('q=o%27har'), ['Tom O&#39;Hara'])
  assert.deepEqual(await lists('standing=deactivated'), ['Mary 7'])
  assert.deepEqual(await lists('role=team'), ['Mary 8'])
  assert.deepEqual(await lists('role=admin'), ['Ruth'])
  assert.deepEqual(await lists('q=nobody'), [])
  assert.deepEqual(await lists('q=%25'), [], 'a sign that SQL knows is only a sign')
})

test('the page of a person says by whom they were invited, for admins', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  const invitedBy = memberByName(at.here.ledger.cache(), 'Ruth')?.id ?? assert.fail()
  await at.here.ledger.record((_cache, stamp) => {
    const member = stamp.id('member')
    return { drafts: [memberJoined.of({ by: member, member, invitedBy, name: 'Eve' })], result: null }
  })
  assert.match(wordsOf(await ruth.get(pathOf(at, 'Eve'))), /, invited by Ruth/)
  assert.doesNotMatch(wordsOf(await ruth.get(pathOf(at, 'Ruth'))), /invited by/)
})

test('an admin gives a role, takes it, signs out, shuts out and lets in, each from one page', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  const tom = await at.comes('Tom')
  const path = pathOf(at, 'Tom')
  const does = async (end: string, fields: Record<string, string> = {}) => {
    const answer = await ruth.post(`${path}/${end}`, fields)
    assert.equal(answer.statusCode, 303, wordsOf(answer))
    return wordsOf(await ruth.get(path))
  }
  assert.match(
    await does('roles', { role: 'moderator', until: '2027-03-31' }),
    /Moderator, until 31 March 2027, 23:59 UTC/,
  )
  const wrong = await ruth.post(`${path}/roles`, { role: 'admin', until: '2020-01-01' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /id="until-mistake"/)
  assert.match(wrong.body, /value="2020-01-01"/)
  assert.match(await does('roles/end', { role: 'moderator' }), /None besides that of a member/)
  await does('sign-out')
  assert.equal((await tom.get('/feed')).statusCode, 401)
  const { token } = await at.here.does(operator, issueLoginLink, { name: 'Tom' })
  await tom.post(`/sign-in/${token}`, {})
  assert.equal((await tom.get('/feed')).statusCode, 200)
  assert.match(
    await does('deactivate'),
    /Deactivated: signed out everywhere.*Used made by the person who runs/,
  )
  assert.equal((await tom.get('/feed')).statusCode, 401)
  assert.match(await does('reactivate'), /How they stand here Here/)
  const own = await ruth.post(`${pathOf(at, 'Ruth')}/roles/end`, { role: 'admin' })
  assert.equal(own.statusCode, 422)
  assert.match(wordsOf(own), /Ruth is the only admin/)
})

test('open links are listed without what opens them, and taken back', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  await at.comes('Tom')
  const login = await at.here.does(operator, issueLoginLink, { name: 'Tom' })
  const invite = await at.here.does(operator, issueInvite, {})
  const page = await ruth.get('/admin/links')
  assert.match(wordsOf(page), /For Tom made by the person who runs the server/)
  for (const { token } of [login, invite]) assert.ok(!page.body.includes(token))
  const revokes = [...page.body.matchAll(/action="(\/admin\/links\/[^"]+)"/g)].map(([, path = '']) => path)
  assert.equal(revokes.length, 2)
  for (const path of revokes) assert.equal((await ruth.post(path, {})).statusCode, 303)
  assert.equal((await at.browser().get(`/sign-in/${login.token}`)).statusCode, 410)
  assert.equal((await at.browser().get(`/claim/${invite.token}`)).statusCode, 410)
  assert.equal((await ruth.post('/admin/links/logins/l_0000000000000000/revoke', {})).statusCode, 404)
  const log = wordsOf(await ruth.get('/admin/audit?who=Ruth'))
  for (const entry of ['Took back an invite Ruth', 'Took back a link to come in Ruth'])
    assert.ok(log.includes(entry), entry)
})

test('the audit log says who came in and what was done, by person, kind and day', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  await at.comes('Tom')
  await ruth.post('/admin/settings/community', { value: 'St Mary' })
  await ruth.post(`${pathOf(at, 'Tom')}/deactivate`, {})
  const log = async (query = '') => wordsOf(await ruth.get(`/admin/audit?${query}`))
  assert.match(
    await log(),
    /Deactivated somebody: Tom Ruth ,.*Changed a setting \(community\) Ruth ,.*Came in \(claim\) Tom/,
  )
  const roles = await log('group=roles')
  assert.match(roles, /Gave a role: Ruth \(admin\) the person who runs the server/)
  assert.doesNotMatch(roles, /Came in \(/)
  assert.match(await log('who=tom'), /Deactivated somebody: Tom .*Came in/)
  assert.doesNotMatch(await log('who=tom'), /Changed a setting/)
  assert.match(await log('who=Nobody'), /Nobody here is called so/)
  assert.match(await log('from=2026-11-23'), /There is nothing like that/)
  assert.match(await log('from=2026-11-22&until=2026-11-22'), /Came in/)
  assert.match(await log('from=x&until=2026-99-99'), /Came in/, 'what is no day is not asked')
})

test('a long audit log goes on by pages, and each entry is on one', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  for (let n = 0; n < 120; n++) await ruth.post('/admin/settings/community', { value: `Name ${n}.` })
  const seen: string[] = []
  let next: string | undefined = '/admin/audit?group=settings'
  let count = 0
  while (next !== undefined) {
    const page = await ruth.get(next)
    seen.push(...[...page.body.matchAll(/<li id="r(\d+)"/g)].map(([, record = '']) => record))
    next = /href="([^"]+)" rel="next"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&')
    count++
  }
  assert.deepEqual([count, seen.length, new Set(seen).size], [3, 120, 120])
})

test('the table of the log holds all of it, runs nothing, and is written down', async (t) => {
  const at = await place(t)
  const ruth = await admin(at)
  // No name like these can be chosen here, but a text from elsewhere may hold one.
  const formulas = ['=1+1', '+1', '-1-2', '@SUM(A1)', '=HYPERLINK("http://evil.example";"Ann")']
  await at.here.ledger.record((_cache, stamp) => ({
    drafts: formulas.flatMap((name) => {
      const member = stamp.id('member')
      return [
        memberJoined.of({ by: 'operator', member, name }),
        memberRenamed.of({ by: member, member, name }),
      ]
    }),
    result: {},
  }))
  const csv = await table(at, ruth)
  assert.match(csv, /^\ufeffrecord,at,by,what,whom,detail\n/)
  const cells = csv.split('\n').flatMap((line) => line.split(','))
  assert.deepEqual(
    cells.filter((cell) => /^"?[=+@-]/.test(cell)),
    [],
  )
  for (const name of formulas) assert.ok(csv.includes(`'${name.replaceAll('"', '""')}`), name)
  assert.match(wordsOf(await ruth.get('/admin/audit?group=exports')), /Took a copy away \(audit\) Ruth/)
  const roles = await table(at, ruth, { group: 'roles' })
  assert.equal(roles.trim().split('\n').length, 2, 'what was not asked for is not in it')
})

async function table({ here }: Place, ruth: Browser, filter: Record<string, string> = {}) {
  here.passes(1000)
  const answer = await ruth.post('/admin/audit/csv', filter)
  assert.equal(answer.statusCode, 200)
  assert.match(String(answer.headers['content-type']), /^text\/csv/)
  assert.match(String(answer.headers['content-disposition']), /attachment/)
  return answer.body
}

test('every kind that the audit log keeps is said in words', () => {
  const audited = kinds.filter(({ tables }) => tables.includes(audit)).map(({ name }) => name)
  assert.ok(audited.length > 20)
  assert.deepEqual(
    audited.filter((name) => !isSaid(name)),
    [],
  )
})
