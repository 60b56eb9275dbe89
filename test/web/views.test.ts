import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import type { PrayerWords } from '../../src/queries/pages/asking.ts'
import type { Card } from '../../src/queries/pages/cards.ts'
import type { Device } from '../../src/queries/pages/devices.ts'
import type { FeedPage, InFocus } from '../../src/queries/pages/feeds.ts'
import type { Frame } from '../../src/queries/pages/frame.ts'
import type { Profile } from '../../src/queries/pages/people.ts'
import type { Attempt, MyAddress } from '../../src/queries/pages/sign-ins.ts'
import type { WaysBack, WaysIn, WaysInForm } from '../../src/queries/pages/ways-in.ts'
import type { Fragment, Fragments, Page, Pages } from '../../src/queries/pages.ts'
import type {
  HistoryEntry,
  RecoveryEdit,
  RecoveryOverview,
  WorkNow,
} from '../../src/queries/recovery/pages.ts'
import { seenBy, viewEngine, viewsFolder } from '../../src/web/views.ts'
import { becomingPages } from './becoming-pages.ts'
import { joiningPages } from './joining-pages.ts'
import { prayingPages } from './praying-pages.ts'

const hostile = '<script>alert("1")</script> & \'x\' שלום\n\n= abc\n@1 …\n{{it.x}} <%= it %>'

const nothing = { updates: [], mayReadEarlier: false, mayExtend: false }

const card: Card = {
  id: 'p_0123456789abcdef',
  author: hostile,
  profile: 'm_0123456789abcdef',
  labels: [
    { words: hostile, symbol: hostile },
    { words: 'Choir', symbol: null },
  ],
  isNameless: false,
  isMine: false,
  sees: 'everyone',
  isShut: false,
  postedAt: '2026-11-20T07:00:00.000Z',
  forWhom: hostile,
  request: hostile,
  changedAt: '2026-11-21T07:00:00.000Z',
  topic: 'health',
  day: '2026-12-24',
  lapsesAt: null,
  isLapsing: false,
  state: 'answered',
  stateAt: '2026-11-22T07:00:00.000Z',
  outcome: null,
  ending: hostile,
  update: { at: '2026-11-21T07:00:00.000Z', words: hostile },
  isFollowed: false,
  people: 3,
  times: 7,
  mine: { times: 2, last: '2026-11-21T07:00:00.000Z' },
  mayEncourage: true,
  mayMark: true,
  markedJustNow: false,
  undo: null,
}
const somebody: Profile = {
  id: 'm_0123456789abcdef',
  name: hostile,
  isMe: false,
  joinedAt: card.postedAt,
  labels: card.labels,
  about: hostile,
  invitedBy: { name: hostile, profile: 'm_0123456789abcdeg' },
  count: 1_234,
  cards: [card],
  isNewest: true,
  older: '/people/m_0123456789abcdef?before=7',
  forAdmins: null,
}
const feed: FeedPage = {
  heading: 'In focus',
  rule: 'What is in it.',
  empty: 'Nothing is in it.',
  tabs: [
    { words: 'New', href: '/feed', isHere: true, count: 0 },
    { words: 'Waiting', href: '/feed?tab=waiting', isHere: false, count: 100 },
  ],
  topic: null,
  topics: [
    { topic: null, href: '/feed', isHere: true },
    { topic: 'world', href: '/feed?topic=world', isHere: false },
  ],
  fresh: [],
  cards: [],
  isNewest: true,
  first: '/',
  older: null,
  focus: [],
  mayFocus: false,
}
const inFocus: InFocus = {
  id: 'p_0123456789abcdef',
  author: null,
  isNameless: false,
  forWhom: null,
  words: null,
  until: '2026-12-24',
}
const toPlace = { prayer: card.id, author: hostile, isNameless: false, until: hostile, isThere: false }
const words: PrayerWords = {
  request: hostile,
  forWhom: hostile,
  topic: 'health',
  day: hostile,
  lasts: '30',
  sees: 'everyone',
  isNameless: false,
  isAgreed: true,
  key: 'key',
}
const checked: PrayerWords = { ...words, day: '2026-12-24' }
const plainWords: PrayerWords = {
  ...words,
  ...{ request: '', forWhom: '', topic: 'other', day: '', isAgreed: false },
}
const choices = { forWhom: null, consent: null, topic: null, day: null, lasts: null, sees: null }
const right = { request: null, ...choices, nameless: null }
const readers = { people: 1_234, team: [hostile, 'Ann'] }
const help = { lines: hostile, call: null }
const called = { lines: hostile, call: { askedAt: card.postedAt, takenAt: null, takenBy: null } }
const taken = { lines: hostile, call: { ...called.call, takenAt: card.postedAt, takenBy: hostile } }

const underWay: WorkNow = {
  isOver: false,
  level: 'unknown',
  heading: hostile,
  sentences: [hostile, 'S'],
  percent: 37,
  mayEnd: true,
  way: null,
}
const over: WorkNow = {
  ...underWay,
  isOver: true,
  level: 'wrong',
  percent: null,
  mayEnd: false,
  way: { words: hostile, href: '/' },
}
const overview: RecoveryOverview = {
  level: 'due',
  sentence: hostile,
  next: { words: 'W', kind: 'verify' },
  work: null,
  checks: [
    { name: 'N', level: 'well', sentence: hostile, last: null },
    { name: hostile, level: 'due', sentence: 'S', last: { words: hostile, at: card.postedAt } },
  ],
  identity: {
    archive: 'a_0123456789abcdef',
    records: 7,
    bytes: 700,
    head: ['0123', '4567'],
    fingerprint: ['89ab', 'cdef'],
  },
  actions: ['verify', 'compare', 'rebuild'],
}
const segment = {
  month: '2026-11',
  file: '2026/2026-11.txt',
  records: 7,
  bytes: 700,
  isSealed: true,
  seal: hostile,
}
const entry: HistoryEntry = {
  sequence: 7,
  at: card.postedAt,
  level: 'well',
  words: hostile,
  by: hostile,
  cost: hostile,
  detail: hostile,
}
const bar = { name: hostile, at: null, value: 7, words: hostile }
const line = { is: 'same', text: hostile } as const
const edit: RecoveryEdit = {
  month: '2026-11',
  file: hostile,
  isAcceptable: true,
  wrong: null,
  isTail: false,
  mayRestore: true,
  unfit: [],
  differences: [
    { record: 7, line: 3, lines: [line, { is: 'gone', text: hostile }, { is: 'new', text: hostile }] },
  ],
  more: 0,
}
const bareEdit: RecoveryEdit = {
  ...edit,
  ...{ isAcceptable: false, wrong: hostile, isTail: true, mayRestore: false, unfit: [hostile], more: 3 },
  differences: [{ record: 0, line: 1, lines: [line] }],
}
const challenge = {
  places: '1.1 2.2 3.3 4.4',
  asked: [1, 2, 3, 4].map((number) => ({ group: number, character: number })),
}

const adminPerson: Pages['admin/person'] = {
  ...{ id: 'm_0123456789abcdef', name: hostile, isMe: false, standing: 'here', joinedAt: card.postedAt },
  invitedBy: hostile,
  roles: [
    { role: 'admin', until: null, isOver: false },
    { role: 'moderator', until: card.postedAt, isOver: false },
    { role: 'team', until: card.postedAt, isOver: true },
  ],
  ...{ sessions: 0, lastUsed: null },
  links: (['open', 'used', 'expired', 'revoked'] as const).map((state) => ({
    ...{ id: 'l_1', by: hostile, at: card.postedAt, state },
  })),
  mistakes: { role: null, until: null },
  problem: null,
  sent: { role: '', until: '' },
}
const auditLog: Pages['admin/audit'] = {
  filter: { who: '', group: '', from: '', until: '' },
  isNobody: false,
  groups: [{ name: 'roles', label: 'Roles' }],
  entries: [],
  isNewest: true,
  of: '/admin/audit?who=',
  older: null,
}
const past = { sequence: 7, value: hostile, by: hostile, at: card.postedAt, isNow: true, isByItself: false }
const setting: Pages['admin/setting'] = {
  name: 'community',
  label: 'L',
  hint: 'H',
  field: 'line',
  value: hostile,
  byItself: hostile,
  isByItself: false,
  mistakes: { value: null },
  history: [past, { ...past, sequence: 6, isNow: false, isByItself: true }],
  isNewest: true,
  older: '/admin/settings/community?before=6',
}
const waysBack: WaysBack = {
  written: { words: '', who: '', called: '', link: '', isShared: false },
  mistakes: { passkey: null, words: null, who: null, called: null, link: null },
  isAgain: false,
  problem: null,
  onward: { next: '', unsent: '' },
}
const wrongWays: WaysBack = {
  written: { words: hostile, who: hostile, called: hostile, link: hostile, isShared: true },
  mistakes: { passkey: hostile, words: hostile, who: hostile, called: 'C', link: hostile },
  isAgain: false,
  problem: hostile,
  onward: { next: '/prayers/new', unsent: hostile },
}

const joining = joiningPages(hostile)
const becoming = becomingPages(card, hostile)
const device: Device = {
  ...{ id: 's_0123456789abcdef', isThis: false, device: hostile, how: 'claim', since: card.postedAt },
  ...{ used: 'this week', isShared: false, until: card.postedAt },
}
const noWayIn: WaysIn = { passkeys: [], paperKeyMadeAt: null, hasAddress: false, hasLoginLink: false }
const passkey = { id: 'k_0123456789abcdef', name: hostile, addedAt: card.postedAt, usedAt: null }
const waysIn: readonly WaysIn[] = [
  noWayIn,
  { ...noWayIn, hasLoginLink: true },
  { ...noWayIn, hasAddress: true },
  { ...noWayIn, paperKeyMadeAt: card.postedAt },
  { ...noWayIn, passkeys: [passkey] },
  {
    ...noWayIn,
    passkeys: [passkey, { ...passkey, name: null, usedAt: card.postedAt }],
    paperKeyMadeAt: card.postedAt,
  },
]
const waysInForms = waysIn.flatMap((ways): WaysInForm[] => [
  { ...ways, newName: '', mistakes: { name: null, passkey: null } },
  { ...ways, newName: hostile, mistakes: { name: hostile, passkey: hostile } },
])

const address: MyAddress = {
  ...{ address: null, isShut: false, addedAt: null, awaited: null, written: '', hasMail: true },
  mistakes: { address: null, code: null },
}
const attempt: Attempt = {
  ...{ id: 'n_0123456789abcdef', askedAt: card.postedAt, device: hostile, state: 'asked', vouchedBy: null },
}

/** Each page with models that lead through every branch of its view. */
const pages: { readonly [P in Page]: readonly Pages[P][] } = {
  home: [
    { welcome: hostile, mayApply: true },
    { welcome: 'W', mayApply: false },
  ],
  message: [
    { heading: 'H', sentence: hostile, way: null },
    { heading: 'H', sentence: 'S', way: { words: 'W', href: '/' } },
  ],
  starting: [
    {
      ...{ heading: 'H', sentence: 'S', action: '/prayers' },
      fields: [
        { name: 'key', value: hostile, label: null },
        { name: 'request', value: hostile, label: 'L' },
        { name: 'request', value: 'x\n'.repeat(9), label: 'L' },
      ],
    },
  ],
  ...joining,
  ...becoming,
  'login-links/use': [
    { token: 'token', name: hostile, onward: { next: '', unsent: '' }, isAgain: false },
    { token: 'token', name: null, onward: { next: '/', unsent: hostile }, isAgain: true },
  ],
  'me/devices': [
    { devices: [{ ...device, isThis: true }], links: [] },
    {
      devices: [
        { ...device, isThis: true, device: null, how: null },
        { ...device, used: 'within two weeks', how: 'paper' },
        { ...device, used: 'longer ago', device: null },
        { ...device, isShared: true },
      ],
      links: [
        { by: hostile, isByOperator: false, at: card.postedAt, state: 'used' },
        { by: null, isByOperator: true, at: card.postedAt, state: 'open' },
        { by: null, isByOperator: false, at: card.postedAt, state: 'revoked' },
      ],
    },
  ],
  'sessions/again': [
    { ...waysBack, isAgain: true, name: hostile },
    { ...wrongWays, isAgain: true, name: hostile },
  ],
  'sessions/sign-in': [waysBack, wrongWays],
  'sessions/sign-out': waysIn,
  'ways-in/first': waysInForms,
  'ways-in/list': waysInForms,
  'ways-in/paper-key': [
    {
      name: hostile,
      words: ['acorn', hostile],
      madeAt: card.postedAt,
      address: 'https://pray.example/sign-in',
      picture: { size: 2, path: 'M0 0h1v1h-1z' },
    },
  ],
  'sign-ins/address': [
    { ...address, hasMail: false },
    { ...address, address: hostile, addedAt: card.postedAt, awaited: hostile, written: hostile },
    { ...address, isShut: true, mistakes: { address: hostile, code: null } },
    { ...address, awaited: hostile, mistakes: { address: null, code: hostile } },
  ],
  'sign-ins/attempt': (['asked', 'approved', 'refused', 'used', 'expired'] as const).map((state) => ({
    attempt: { ...attempt, state, ...(state === 'used' && { device: null, vouchedBy: hostile }) },
    mistakes: { code: state === 'asked' ? hostile : null },
  })),
  'sign-ins/attempts': [
    { attempts: [], isVouching: true, mistakes: { code: null } },
    {
      attempts: [attempt, { ...attempt, device: null, state: 'used' }],
      isVouching: false,
      mistakes: { code: hostile },
    },
  ],
  'sign-ins/link-for-somebody': [
    { name: hostile, mistakes: { name: hostile }, made: null },
    {
      ...{ name: '', mistakes: { name: null } },
      made: { url: hostile, name: hostile, until: card.postedAt },
    },
  ],
  'sign-ins/mail-link': [
    { token: 'token', name: hostile },
    { token: 'token', name: null },
  ],
  'sign-ins/mailed': [
    { mistakes: { code: null }, isOver: true, onward: { next: '', unsent: '' }, isAgain: false },
    { mistakes: { code: hostile }, isOver: false, onward: { next: '/feed', unsent: hostile }, isAgain: true },
    { mistakes: { code: null }, isOver: false, onward: { next: '', unsent: '' }, isAgain: false },
  ],
  'sign-ins/vouch': [
    { name: '', mistakes: { name: null, code: null, sure: null }, done: 'first' },
    { name: hostile, mistakes: { name: null, code: hostile, sure: hostile }, done: 'enough' },
    { name: hostile, mistakes: { name: null, code: null, sure: null }, done: null },
  ],
  'sign-ins/waiting': (['asked', 'approved', 'refused', 'over'] as const).flatMap((state) => [
    { name: hostile, state, code: '123 456', until: card.postedAt, isVouching: false },
    { name: hostile, state, code: null, until: card.postedAt, isVouching: true },
  ]),
  'focus/list': [
    { requests: [], isFull: false },
    {
      requests: [
        { ...inFocus, author: hostile, forWhom: hostile, words: hostile },
        { ...inFocus, id: 'p_0123456789abcdeg' },
        { ...inFocus, id: 'p_0123456789abcdeh', isNameless: true },
      ],
      isFull: true,
    },
  ],
  'focus/place': [
    { ...toPlace, mistakes: { until: null }, problem: hostile },
    { ...toPlace, isThere: true, author: null, mistakes: { until: hostile }, problem: null },
    { ...toPlace, author: null, isNameless: true, mistakes: { until: null }, problem: null },
  ],
  'prayers/feed': [
    { ...feed, cards: [], isNewest: true, older: null, isWelcome: true },
    { ...feed, cards: [], isNewest: false, older: null, isWelcome: false, topic: 'grief' },
    { ...feed, cards: [], fresh: [card], isNewest: true, older: null, isWelcome: false, topic: 'grief' },
    {
      ...feed,
      isWelcome: false,
      fresh: [card],
      focus: [
        { ...inFocus, author: hostile, forWhom: hostile, words: hostile },
        { ...inFocus, isNameless: true },
        inFocus,
      ],
      mayFocus: true,
      cards: [
        card,
        {
          ...card,
          author: null,
          profile: null,
          labels: [],
          request: null,
          forWhom: null,
          mayMark: false,
          people: 0,
          times: 0,
        },
        { ...card, isMine: true, people: 1, times: 1, undo: 7, request: 'long '.repeat(900) },
        { ...card, mayMark: false, markedJustNow: true, undo: 7 },
        { ...card, mayMark: false, markedJustNow: true },
      ],
      isNewest: false,
      older: '/feed?before=7',
    },
  ],
  'prayers/prayer': [
    {
      card,
      isJustShared: false,
      prayedBy: null,
      lookups: [],
      mayShowAuthor: true,
      mayPublish: false,
      becoming: nothing,
    },
    {
      becoming: {
        updates: [
          { at: card.postedAt, words: hostile },
          { at: card.postedAt, words: null },
        ],
        mayReadEarlier: true,
        mayExtend: true,
      },
      ...{
        card: { ...card, isMine: true },
        isJustShared: true,
        prayedBy: [],
        mayShowAuthor: false,
        mayPublish: true,
      },
      lookups: [
        { at: '2026-11-20T07:00:00.000Z', reason: hostile },
        { at: '2026-11-20T07:00:00.000Z', reason: null },
      ],
    },
    {
      ...{ card, lookups: [], mayShowAuthor: false, mayPublish: false, becoming: nothing },
      isJustShared: false,
      prayedBy: [
        { name: hostile, isUnseen: false, times: 1 },
        { name: null, isUnseen: false, times: 2 },
      ],
    },
  ],
  ...prayingPages(hostile, card),
  'prayers/ask': [
    {
      ...{ words: plainWords, mistakes: right, problem: null, readers, beside: null },
      begunAt: card.postedAt,
    },
    {
      ...{ words, mistakes: { ...right, request: 'R', forWhom: hostile }, problem: 'P' },
      ...{ readers: null, begunAt: null, beside: help },
    },
    {
      words: { ...words, sees: 'me', isNameless: true },
      mistakes: {
        ...{ request: null, forWhom: null, consent: hostile, topic: hostile, day: hostile, lasts: hostile },
        ...{ sees: hostile, nameless: hostile },
      },
      ...{ problem: null, readers: { people: 1, team: [] }, begunAt: null, beside: called },
    },
  ],
  'prayers/preview': [
    {
      ...{ words: checked, author: hostile, people: 1, team: [], lapsesAt: card.postedAt },
      ...{ isKept: true, beside: null },
    },
    {
      ...{ words: plainWords, author: 'Ruth', people: 1234, team: [], lapsesAt: null },
      ...{ isKept: false, beside: taken },
    },
    ...(
      [
        [{ ...checked, sees: 'team', isNameless: true }, [hostile, 'Ann']],
        [{ ...checked, sees: 'team' }, []],
        [{ ...checked, sees: 'me' }, []],
      ] satisfies readonly (readonly [PrayerWords, readonly string[]])[]
    ).map(([words, team]) => ({
      ...{ words, author: 'Ruth', people: 3, team, lapsesAt: null, isKept: true, beside: called },
    })),
  ],
  'admin/hub': [
    { people: 1, waiting: 0, applications: 0, openLinks: 0, refused: 0 },
    { people: 1234, waiting: 1, applications: 2, openLinks: 7, refused: 1234 },
  ],
  'admin/calls': [
    { waiting: [], taken: [] },
    {
      waiting: [
        { ...called.call, member: 'm_0123456789abcdef', name: hostile },
        { ...called.call, member: 'm_0123456789abcdeg', name: null },
      ],
      taken: [
        { ...taken.call, takenAt: card.postedAt, member: 'm_0123456789abcdeh', name: hostile },
        { ...called.call, takenAt: card.postedAt, member: 'm_0123456789abcdej', name: null },
      ],
    },
  ],
  'admin/people': [
    { search: '', role: '', standing: '', people: [], isNewest: true, of: '/admin/people', older: null },
    {
      ...{ search: hostile, role: 'team', standing: 'deactivated', isNewest: false },
      people: [
        { id: 'm_0123456789abcdef', name: hostile, standing: 'here', roles: [], joinedAt: card.postedAt },
        {
          id: 'm_0123456789abcdeg',
          name: null,
          standing: 'waiting',
          roles: ['admin'],
          joinedAt: card.postedAt,
        },
      ],
      of: '/admin/people?q=x&role=&standing=',
      older: '/admin/people?q=x&before=7',
    },
  ],
  'admin/person': [
    adminPerson,
    {
      ...adminPerson,
      ...{ name: null, isMe: true, sessions: 2, lastUsed: card.postedAt, invitedBy: null, problem: hostile },
      roles: [],
      links: [],
    },
    {
      ...{ ...adminPerson, standing: 'deactivated', mistakes: { role: hostile, until: null } },
      ...{ links: [], sent: { role: 'team', until: hostile } },
    },
    { ...adminPerson, standing: 'here', mistakes: { role: hostile, until: hostile } },
  ],
  'admin/links': [
    { invites: [], isNewest: true, older: null, logins: [] },
    { invites: [], isNewest: false, older: null, logins: [] },
    {
      invites: [
        { id: 'i_1', by: hostile, at: card.postedAt, until: card.postedAt, seats: 1, taken: 0, role: null },
        { id: 'i_2', by: 'R', at: card.postedAt, until: card.postedAt, seats: 3, taken: 2, role: 'admin' },
      ],
      ...{ isNewest: true, older: '/admin/links?before=x' },
      logins: [{ id: 'l_1', whom: hostile, by: hostile, at: card.postedAt, until: card.postedAt }],
    },
  ],
  'admin/sign-out': [{}],
  'admin/audit': [
    { ...auditLog, isNewest: false },
    {
      ...auditLog,
      ...{ isNobody: true, older: '/admin/audit?before=7' },
      filter: { who: hostile, group: 'roles', from: hostile, until: hostile },
      entries: [
        { sequence: 7, at: card.postedAt, words: 'W', by: hostile, whom: hostile, detail: hostile },
        { sequence: 6, at: card.postedAt, words: 'W', by: hostile, whom: null, detail: null },
      ],
    },
  ],
  'admin/settings': [
    {
      settings: [
        { name: 'community', label: 'L', field: 'line', value: hostile, set: null },
        {
          name: 'rules',
          label: 'L',
          field: 'words',
          value: 'x\n'.repeat(20),
          set: { by: hostile, at: card.postedAt },
        },
        { name: 'vouching', label: 'L', field: 'choice', value: 'yes', set: null },
      ],
    },
  ],
  'admin/setting': [
    setting,
    {
      ...setting,
      field: 'words',
      isByItself: true,
      mistakes: { value: hostile },
      history: [],
      isNewest: false,
    },
    { ...setting, field: 'choice', value: 'no', mistakes: { value: 'M' }, history: [], older: null },
  ],
  'search/found': [
    { search: '', people: [], morePeople: null, hits: [], isFirst: true, older: null },
    { search: hostile, people: [], morePeople: null, hits: [], isFirst: true, older: null },
    { search: hostile, people: [], morePeople: null, hits: [], isFirst: false, older: null },
    {
      ...{ search: hostile, isFirst: true, older: `/search?q=${encodeURIComponent(hostile)}&before=7` },
      people: [{ id: 'm_0123456789abcdef', name: hostile }],
      morePeople: `/people?q=${encodeURIComponent(hostile)}`,
      hits: [
        {
          card: { ...card, isMine: true },
          forWhom: [{ text: hostile, isMatch: true }],
          request: [
            { text: hostile, isMatch: false },
            { text: hostile, isMatch: true },
          ],
          later: [
            { at: card.postedAt, isEnding: false, words: [{ text: hostile, isMatch: true }] },
            { at: card.postedAt, isEnding: true, words: [{ text: hostile, isMatch: true }] },
          ],
        },
        {
          card: { ...card, id: 'p_1', state: 'open', sees: 'team' },
          forWhom: null,
          request: null,
          later: [],
        },
        {
          card: { ...card, id: 'p_2', isShut: true, sees: 'me', author: null },
          forWhom: null,
          request: null,
          later: [],
        },
        {
          card: { ...card, id: 'p_3', author: null, isNameless: true },
          forWhom: null,
          request: null,
          later: [],
        },
      ],
    },
  ],
  'still/creed': [{}],
  'still/giving': [{ links: [{ words: hostile, href: 'https://give.example/?a=1&b=2' }] }],
  'still/how-it-works': [{}],
  'still/lately': [
    { asked: [], told: [], answered: [] },
    {
      asked: [card, { ...card, author: null, isNameless: true, forWhom: null }],
      told: [{ ...card, author: null }],
      answered: [card],
    },
  ],
  'still/reflection': [{ verse: hostile, source: hostile, day: '2026-11-22' }],
  'still/whats-new': [{ versions: [{ name: hostile, news: [hostile] }] }],
  'people/directory': [
    { people: [], count: 0, search: '', isFirst: true, next: null },
    { people: [], count: 0, search: hostile, isFirst: false, next: null },
    {
      people: [
        { id: 'm_0123456789abcdef', name: hostile, isMe: false },
        { id: 'm_0123456789abcdeg', name: 'Ruth', isMe: true },
      ],
      ...{ count: 1_002, search: hostile, isFirst: false, next: '/people?after=m_0123456789abcdeg' },
    },
  ],
  'people/profile': [
    somebody,
    {
      ...somebody,
      ...{ isMe: true, labels: [], about: null, invitedBy: { name: hostile, profile: null } },
      ...{ count: 0, cards: [], isNewest: false, older: null },
    },
    {
      ...somebody,
      ...{ isMe: true, invitedBy: null },
      forAdmins: {
        formerNames: [
          { record: 7, name: hostile, keptUntil: card.postedAt },
          { record: 6, name: 'R', keptUntil: null },
        ],
        labels: [{ id: 'b_0123456789abcdef', words: hostile, symbol: null }],
        label: { words: hostile, symbol: hostile },
        mistakes: { words: hostile, symbol: hostile },
      },
    },
    {
      ...somebody,
      forAdmins: {
        formerNames: [],
        labels: [],
        label: { words: '', symbol: '' },
        mistakes: { words: null, symbol: null },
      },
    },
  ],
  'people/keep-apart': [{ id: somebody.id, name: hostile }],
  'people/others-apart': [
    { pairs: [], names: { one: '', other: '' }, mistakes: { one: null, other: null } },
    {
      pairs: [
        { one: somebody.id, oneName: hostile, other: somebody.id, otherName: hostile, at: card.postedAt },
        { one: somebody.id, oneName: null, other: 'm_0123456789abcdeg', otherName: null, at: card.postedAt },
      ],
      names: { one: hostile, other: hostile },
      mistakes: { one: hostile, other: hostile },
    },
  ],
  'prayers/author': [
    { prayer: card.id, author: null, reason: hostile, mistakes: { reason: hostile } },
    { prayer: card.id, author: null, reason: '', mistakes: { reason: null } },
    {
      prayer: card.id,
      author: { name: hostile, profile: somebody.id },
      reason: '',
      mistakes: { reason: null },
    },
    { prayer: card.id, author: { name: null, profile: null }, reason: '', mistakes: { reason: null } },
  ],
  'me/name': [
    { name: hostile, formerNames: [], mistakes: { name: null } },
    {
      name: hostile,
      formerNames: [
        { record: 7, name: hostile, keptUntil: card.postedAt },
        { record: 6, name: 'R', keptUntil: null },
      ],
      mistakes: { name: hostile },
    },
  ],
  'me/words': [
    { about: hostile, mistakes: { about: null } },
    { about: '', mistakes: { about: hostile } },
  ],
  'me/praying': [
    { praysUnseen: true, mistakes: { unseen: null } },
    { praysUnseen: false, mistakes: { unseen: hostile } },
  ],
  'me/apart': [
    { people: [], name: '', mistakes: { name: null } },
    {
      people: [
        { id: somebody.id, name: hostile },
        { id: 'm_0123456789abcdeg', name: null },
      ],
      name: hostile,
      mistakes: { name: hostile },
    },
  ],
  'me/hub': [
    { id: 'm_0123456789abcdef', name: hostile, mayVouch: true },
    { id: 'm_0123456789abcdef', name: 'R', mayVouch: false },
  ],
  'publications/mine': [
    { card, url: null, isNamed: false },
    { card: { ...card, request: null }, url: 'https://pray.example/open/u_0123456789abcdef', isNamed: true },
    { card, url: 'https://pray.example/open/u_0123456789abcdef', isNamed: false },
  ],
  'publications/open': [
    { request: hostile, author: null, forWhom: null },
    { request: hostile, author: hostile, forWhom: hostile },
  ],
  'recovery/overview': [
    overview,
    { ...overview, level: 'wrong', next: { words: 'W', href: '/' }, actions: ['verify', 'back-up'] },
    {
      ...overview,
      level: 'unknown',
      next: null,
      work: underWay,
      identity: { ...overview.identity, archive: null, fingerprint: null },
    },
  ],
  'recovery/work': [
    { work: null, notBegun: null },
    { work: underWay, notBegun: hostile },
    { work: { ...underWay, percent: null, mayEnd: false }, notBegun: null },
    { work: over, notBegun: null },
    { work: { ...over, level: 'well', way: null }, notBegun: null },
  ],
  'recovery/segments': [
    { segments: [], records: 0, bytes: 0 },
    {
      segments: [
        { ...segment, level: 'well' },
        { ...segment, level: 'wrong', isSealed: false },
      ],
      records: 1,
      bytes: 1,
    },
  ],
  'recovery/coverage': [
    { comparedAt: null, level: 'unknown', sentence: 'S', tables: [], mayCompare: false },
    {
      comparedAt: card.postedAt,
      level: 'due',
      sentence: hostile,
      tables: [
        { table: hostile, kinds: [{ kind: hostile, records: 7 }], rows: 7, compared: null },
        {
          ...{ table: 't', kinds: [{ kind: 'k', records: null }], rows: 7 },
          compared: { rows: 7, isEqual: true, differing: 0, first: [] },
        },
        {
          ...{ table: 'u', kinds: [], rows: null },
          compared: { rows: 8, isEqual: false, differing: 2, first: [hostile] },
        },
      ],
      mayCompare: true,
    },
  ],
  'recovery/history': [
    { entries: [], isNewest: true, older: null },
    { entries: [], isNewest: false, older: null },
    {
      entries: [entry, { ...entry, sequence: 6, level: 'due', by: null, cost: null, detail: null }],
      isNewest: false,
      older: '/admin/recovery/history?before=6',
    },
  ],
  'recovery/growth': [
    { months: [], rebuilds: [], estimate: null },
    { months: [bar, { ...bar, value: 0 }], rebuilds: [{ ...bar, records: 7 }], estimate: null },
    { months: [bar], rebuilds: [{ ...bar, value: 0, records: 7 }], estimate: hostile },
  ],
  'recovery/problems': [
    { problems: [], trouble: null, verifiedAt: null },
    {
      problems: [
        { file: hostile, what: hostile, advice: hostile },
        { file: 'f', line: 3, sequence: 7, what: 'w', advice: 'a' },
      ],
      trouble: { sentence: hostile, advice: hostile },
      verifiedAt: card.postedAt,
    },
  ],
  'recovery/edits': [
    { edits: null, isReading: false },
    { edits: [], isReading: true },
    { edits: [], isReading: false },
    { edits: [edit, bareEdit], isReading: false },
  ],
  'recovery/edit-end': [
    { edit, way: 'restore' },
    { edit: bareEdit, way: 'restore' },
    { edit, way: 'accept' },
  ],
  'recovery/sheet': [
    { isHere: false, confirmedAt: null, challenge: null, mistake: null },
    { isHere: true, confirmedAt: null, challenge, mistake: 'M' },
    { isHere: true, confirmedAt: card.postedAt, challenge, mistake: null },
  ],
  'recovery/print': [
    {
      archive: 'a_0123456789abcdef',
      printedAt: card.postedAt,
      keys: [
        { name: 'seal', groups: ['0123', '4567'] },
        { name: 'other', groups: ['89ab'] },
      ],
      picture: { size: 2, path: 'M0 0h1v1h-1z' },
    },
  ],
}

const fragments: { readonly [F in Fragment]: readonly Fragments[F][] } = {
  'prayers/beside': pages['prayers/ask'],
  'prayers/request': pages['prayers/prayer'],
  'recovery/now': [{ work: underWay }, { work: over }],
  'recovery/progress': [{ work: underWay }, { work: over }],
}

const frame: Frame = {
  title: hostile,
  community: 'ThyWill',
  reader: { name: hostile, isAdmin: true, isModerator: true },
  path: '/feed?before=9',
  notice: hostile,
  knock: { words: hostile, href: '/me/sign-ins' },
  care: { flags: 99, calls: 1 },
  hasGiving: true,
  hasMail: true,
  unread: 107,
  now: '2026-11-22T07:00:00.000Z',
  zone: 'Europe/Berlin',
  key: 'key',
}
const frames: readonly Frame[] = [
  frame,
  {
    ...frame,
    reader: null,
    notice: null,
    knock: null,
    care: null,
    hasGiving: false,
    hasMail: false,
    unread: 0,
    path: '/',
  },
]

/** A model that does not forgive: reading what it does not have throws. */
function strict<Model>(model: Model): Model {
  if (typeof model !== 'object' || model === null) return model
  return new Proxy(model, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target)) throw new Error(`the view asks for "${key}"`)
      return strict(Reflect.get(target, key, receiver))
    },
  })
}

function* everyRendering() {
  const eta = viewEngine()
  const asset = (name: string) => `/assets/hash/${name}`
  for (const [name, models] of Object.entries({ ...pages, ...fragments })) {
    for (const model of models) {
      for (const around of frames) {
        yield { name, html: eta.render(name, { ...seenBy(strict(around), strict(model)), asset }) }
      }
    }
  }
}

test('a model that lacks what a view asks for is noticed', () => {
  const eta = viewEngine()
  const broken = { heading: 'H', sentence: 'S' }
  assert.throws(
    () => eta.render('message', { ...seenBy(strict(frame), strict(broken)), asset: String }),
    /"way"/,
  )
})

test('every view shows its model and nothing that is missing', () => {
  let count = 0
  for (const { name, html } of everyRendering()) {
    count++
    assert.doesNotMatch(html, /undefined|\[object |NaN|null/, name)
  }
  assert.ok(count >= 40, `only ${count} renderings`)
})

test('what people write is never markup', () => {
  for (const { name, html } of everyRendering()) assert.doesNotMatch(html, /<script>|alert\("/, name)
})

test('every tag is closed, in order', () => {
  for (const { name, html } of everyRendering()) {
    const open: string[] = []
    for (const [tag, slash, word = '', end] of html.matchAll(
      /<(\/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^">])*?(\/?)>/g,
    )) {
      if (slash) assert.equal(open.pop(), word, `${name}: ${tag}`)
      else if (!end && !isVoid.has(word)) open.push(word)
    }
    assert.deepEqual(open, [], name)
  }
})

test('no id stands twice on a page, and whatever describes something is there', () => {
  for (const { name, html } of everyRendering()) {
    // The feed of this test has the same card several times.
    if (name === 'prayers/feed') continue
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length, `${name}: ${ids}`)
    for (const [, named = ''] of html.matchAll(/ (?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)) {
      for (const id of named.split(' ')) assert.ok(ids.includes(id), `${name}: nothing is "${id}"`)
    }
  }
})

test('a day of the calendar is the same wherever somebody reads: only moments are said anew by their clock', () => {
  let count = 0
  for (const { name, html } of everyRendering())
    for (const [tag, at = ''] of html.matchAll(/<time datetime="([^"]*)"[^>]*data-as/g)) {
      assert.match(at, /T.*Z$/, `${name}: ${tag}`)
      count++
    }
  assert.ok(count > 20, `${count} moments`)
})

test('nothing is inline, so that the policy needs no exception', () => {
  for (const { name, html } of everyRendering())
    assert.doesNotMatch(html, / style="| on[a-z]+="|<style/, name)
})

test('every file in views/ is shown by some page', () => {
  const eta = viewEngine()
  const read = new Set<string>()
  const reading = eta.readFile
  eta.readFile = function (path) {
    read.add(path)
    return reading?.call(this, path) ?? ''
  }
  for (const [name, models] of Object.entries(pages)) {
    for (const model of models) eta.render(name, { ...seenBy(frame, model), asset: String })
  }
  const files = readdirSync(viewsFolder, { recursive: true, withFileTypes: true })
  const views = files.filter((file) => file.isFile()).map((file) => resolve(file.parentPath, file.name))
  assert.deepEqual([...read].sort(), views.sort())
})

const isVoid = new Set(['meta', 'link', 'input', 'br'])
