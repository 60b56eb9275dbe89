import type { MyInvite, TreePerson } from '../../src/queries/pages/joining.ts'
import type { Page, Pages } from '../../src/queries/pages.ts'

type Joining = Extract<Page, `${'invites' | 'newcomers' | 'agreements' | 'applications' | 'tree'}/${string}`>

/** The pages of how people come, with models that lead through every branch of their views; `hostile` is what people write. */
export function joiningPages(hostile: string): { readonly [P in Joining]: readonly Pages[P][] } {
  const at = '2026-11-20T07:00:00.000Z'
  const passing = { url: 'http://localhost:8000/claim/token', picture: { size: 2, path: 'M0 0h1v1h-1z' } }
  const claim: Pages['invites/claim'] = {
    ...{ invitedBy: hostile, makesAdmin: false, note: hostile, asksAdmin: true, whoRuns: hostile },
    ...{ rules: 7, privacy: 0, token: 'token', name: hostile },
    mistakes: { name: hostile, rules: 'R' },
  }
  const invite: MyInvite = {
    ...{ id: 'i_0000000000000001', issuedAt: at, until: at, state: 'open', seats: 1, left: 1 },
    ...{ asksAdmin: false, note: hostile, came: [], others: 0 },
  }
  const mine: Pages['invites/mine'] = {
    ...{ invites: [], left: 5, isPaused: false, mayInviteSeveral: false, note: '' },
    mistakes: { note: null },
  }
  const came = [
    { name: hostile, isWaiting: false },
    { name: 'Ann', isWaiting: true },
  ]
  const person: TreePerson = {
    ...{ id: 'm_0000000000000001', name: hostile, isMe: false, leadsToMe: false, through: 0 },
  }
  const leads: TreePerson = { ...person, leadsToMe: true, through: 1234 }
  const me: TreePerson = { ...leads, isMe: true }
  const tree: Pages['tree/branch'] = {
    ...{ me: me.id, at: null, way: { begins: [], between: 0, ends: [] }, branches: [] },
    ...{ isBeginning: true, next: null, mayPause: true },
  }
  const newcomer = { member: 'm_0000000000000001', name: hostile, joinedAt: at, invitedBy: hostile }
  const answered = (id: string) => ({ id, reason: hostile, mistake: hostile })
  const application = {
    ...{ id: 'q_0000000000000001', name: hostile, why: hostile, contact: hostile, sentAt: at },
  }
  const state: Pages['applications/state'] = {
    ...{ url: 'http://localhost:8000/apply/token', state: 'open', sentAt: at, decidedAt: null },
    ...{ reason: null, invite: null },
  }
  const approved = { ...state, state: 'approved', decidedAt: at } as const
  return {
    'invites/claim': [
      claim,
      { ...claim, mistakes: { name: null, rules: null } },
      {
        ...{ ...claim, invitedBy: null, makesAdmin: true, note: null, asksAdmin: false, name: '' },
        mistakes: { name: null, rules: null },
      },
    ],
    'invites/preview': [{}],
    'invites/elsewhere': [{ url: passing.url, browser: 'Safari' }],
    'invites/for-others': [{ passing }, { passing: null }],
    'invites/mine': [
      mine,
      { ...mine, isPaused: true },
      {
        ...{ ...mine, left: 0, mayInviteSeveral: true, note: hostile, mistakes: { note: hostile } },
        invites: [invite, { ...invite, seats: 30, left: 1, came, others: 2, asksAdmin: true, note: null }],
      },
      {
        ...{ ...mine, note: hostile, mistakes: { note: hostile } },
        invites: (['used', 'expired', 'revoked'] as const).map((state) => ({ ...invite, state })),
      },
    ],
    'invites/made': [
      { passing, until: at, seats: 1 },
      { passing, until: at, seats: 30 },
    ],
    'invites/several': [
      {
        ...{ seats: '', days: '30', asksAdmin: true, note: '' },
        mistakes: { seats: null, days: null, asksAdmin: null, note: null },
      },
      {
        ...{ seats: hostile, days: hostile, asksAdmin: false, note: hostile },
        mistakes: { seats: hostile, days: 'D', asksAdmin: 'A', note: 'N' },
      },
    ],
    'newcomers/waiting': [{ name: hostile }],
    'newcomers/declined': [{ reason: null }, { reason: hostile }],
    'newcomers/list': [
      { newcomers: [], answered: null },
      {
        newcomers: [newcomer, { ...newcomer, member: 'm_0000000000000002', name: null, invitedBy: null }],
        answered: answered(newcomer.member),
      },
    ],
    'agreements/words': [
      { heading: 'Rules', text: hostile, asks: null },
      { heading: 'Privacy', text: hostile, asks: { rules: 7, privacy: 0 } },
    ],
    'applications/apply': [
      {
        ...{ name: '', why: '', contact: '', isDoubted: false, problem: null },
        mistakes: { name: null, why: null, contact: null, person: null },
      },
      {
        ...{ name: hostile, why: hostile, contact: hostile, isDoubted: true, problem: hostile },
        mistakes: { name: hostile, why: 'W', contact: 'C', person: 'P' },
      },
    ],
    'applications/state': [
      state,
      { ...state, state: 'declined', decidedAt: at, reason: hostile },
      { ...state, state: 'declined', decidedAt: at },
      { ...state, state: 'lapsed', decidedAt: at },
      approved,
      ...(['open', 'used', 'expired'] as const).map((one) => ({
        ...approved,
        invite: { state: one, until: at, href: '/claim/token' },
      })),
    ],
    'applications/list': [
      { open: [], decided: [], answered: null },
      {
        open: [
          application,
          { ...application, id: 'q_0000000000000002', name: null, why: null, contact: null },
        ],
        decided: [
          { id: 'q_0000000000000003', name: hostile, answer: 'approved', decidedAt: at, decidedBy: hostile },
          { id: 'q_0000000000000004', name: null, answer: 'lapsed', decidedAt: at, decidedBy: null },
        ],
        answered: answered(application.id),
      },
    ],
    'tree/branch': [
      tree,
      {
        ...tree,
        at: { ...leads, isPaused: false },
        way: { begins: [leads, person], between: 190, ends: [person] },
        branches: [
          { ...leads, first: [me, person], isMore: true },
          { ...person, first: [], isMore: false },
        ],
        next: '/people/tree?after=7',
      },
      { ...tree, at: { ...person, isPaused: true }, isBeginning: false },
      { ...tree, at: { ...me, isPaused: false }, mayPause: false },
    ],
  }
}
