import type { Card } from '../../src/queries/pages/cards.ts'
import type { Page, Pages } from '../../src/queries/pages.ts'

type Becoming = Extract<
  Page,
  | `prayers/${'change' | 'tell' | 'answer' | 'close' | 'renew' | 'withdraw' | 'flag' | 'earlier' | 'answered'}`
  | 'admin/flags'
>

/** The pages of what becomes of a request, with models that lead through every branch of their views; `hostile` is what people write. */
export function becomingPages(
  card: Card,
  hostile: string,
): { readonly [P in Becoming]: readonly Pages[P][] } {
  const prayer = card.id
  const right = { prayer, problem: null, key: null }
  const wrong = { prayer, problem: hostile, key: hostile }
  const words = { request: hostile, forWhom: hostile, topic: 'grief', day: '2026-12-24', isAgreed: true }
  const topics = ['grief', 'other'] as const
  const totals = { answered: 1, testimonies: 1, lately: 0, times: 0 }
  const flag: Pages['admin/flags']['flags'][number] = {
    ...{ flag: 7, prayer, at: card.postedAt, by: hostile, reason: hostile, sees: 'everyone' },
    ...{ isTakenBack: false, request: hostile, forWhom: hostile },
  }
  const ended = (change: Partial<Card>, id: string): Card => ({ ...card, ...change, id })
  return {
    'prayers/change': [
      {
        ...{ ...right, words, topics, isFree: true },
        mistakes: { request: null, forWhom: null, consent: null, topic: null, day: null },
      },
      {
        ...{ ...wrong, words, topics, isFree: false },
        mistakes: { request: hostile, forWhom: hostile, consent: hostile, topic: hostile, day: hostile },
      },
    ],
    'prayers/tell': [
      { ...right, update: '', mistakes: { update: null } },
      { ...wrong, update: hostile, mistakes: { update: hostile } },
    ],
    'prayers/answer': [
      { ...right, testimony: '', isCorrection: false, mistakes: { testimony: null } },
      { ...wrong, testimony: hostile, isCorrection: true, mistakes: { testimony: hostile } },
    ],
    'prayers/close': [
      {
        ...{ ...right, outcome: '', outcomes: ['waiting', 'otherwise', 'unneeded', 'died'], words: '' },
        ...{ isCorrection: false, mistakes: { outcome: null, words: null } },
      },
      {
        ...{ ...wrong, outcome: 'died', outcomes: ['died'], words: hostile },
        ...{ isCorrection: true, mistakes: { outcome: hostile, words: hostile } },
      },
    ],
    'prayers/renew': [
      {
        ...{ ...right, span: '30', spans: ['14', '30', '90', 'open'], lapsesAt: card.postedAt },
        ...{ isMine: true, mistakes: { span: null } },
      },
      {
        ...{ ...wrong, span: '', spans: ['open'], lapsesAt: null },
        ...{ isMine: false, mistakes: { span: hostile } },
      },
    ],
    'prayers/withdraw': [
      { ...right, mistakes: {} },
      { ...wrong, mistakes: {} },
    ],
    'prayers/flag': [
      { ...right, reason: '', mistakes: { reason: null } },
      { ...wrong, reason: hostile, mistakes: { reason: hostile } },
    ],
    'prayers/earlier': [
      {
        ...{ prayer, isMine: true },
        versions: [
          { at: card.postedAt, forWhom: hostile, request: hostile, isShut: false },
          { at: card.postedAt, forWhom: null, request: null, isShut: false },
          { at: card.postedAt, forWhom: null, request: null, isShut: true },
        ],
      },
      { prayer, isMine: false, versions: [] },
    ],
    'prayers/answered': [
      {
        ...{ cards: [], totals: { ...totals, answered: 0 }, topics, topic: null },
        ...{ isNewest: true, older: null },
      },
      {
        cards: [
          ended({}, 'p_0000000000000001'),
          ended(
            { isMine: true, state: 'open', isLapsing: true, lapsesAt: card.postedAt },
            'p_0000000000000002',
          ),
          ended({ isMine: true, state: 'answered' }, 'p_0000000000000003'),
          ended({ isMine: true, state: 'withdrawn', ending: null }, 'p_0000000000000004'),
          ended({ isMine: true, state: 'closed', outcome: 'died' }, 'p_0000000000000005'),
          ended({ isMine: true, state: 'open', sees: 'me' }, 'p_0000000000000006'),
        ],
        ...{ totals: { answered: 1234, testimonies: 2, lately: 3, times: 9 }, topics, topic: 'grief' },
        ...{ isNewest: false, older: '/answered?topic=grief&before=7' },
      },
      { cards: [], totals, topics, topic: 'grief', isNewest: true, older: null },
      { cards: [], totals, topics, topic: null, isNewest: false, older: null },
    ],
    'admin/flags': [
      { flags: [] },
      {
        flags: [
          flag,
          { ...flag, flag: 8, by: null, reason: null, sees: 'team', forWhom: null },
          { ...flag, flag: 9, isTakenBack: true, request: null, forWhom: null },
          { ...flag, flag: 10, request: null },
        ],
      },
    ],
  }
}
