import type { Card } from '../../src/queries/pages/cards.ts'
import type { Bundle, Notice } from '../../src/queries/pages/notices.ts'
import type { Pages } from '../../src/queries/pages.ts'

type Praying =
  | 'prayers/encourage'
  | 'pray/choose'
  | 'pray/step'
  | 'pray/rest'
  | 'notices/list'
  | 'notices/kinds'

/** The pages of praying with models that lead through every branch of their views. */
export function prayingPages(hostile: string, card: Card): { readonly [P in Praying]: readonly Pages[P][] } {
  const step = { card, place: 1, of: 5, href: '/pray/1-2/1', next: '/pray/1-2/2' }
  const encourage = {
    card,
    phrases: [hostile, 'P'],
    isDone: false,
    isUnseen: false,
    mistakes: { phrase: null },
  }
  const told = { at: card.postedAt, prayer: card.id }
  const by = [
    { name: hostile, isUnseen: false },
    { name: null, isUnseen: true },
    { name: null, isUnseen: false },
  ]
  const words = by.map((by, place) => ({ phrase: place === 0 ? hostile : null, by }))
  const prayed = { prayer: card.id, people: by, words: [] }
  const bundle: Bundle = {
    ...{ at: card.postedAt, prayer: null, is: 'prayed', kind: 'prayed', id: 1 },
    requests: [prayed, { ...prayed, words }],
  }
  const outcomes = ['died', 'waiting', 'otherwise', 'unneeded', null] as const
  const all: readonly Notice[] = [
    bundle,
    { ...bundle, id: 2, requests: [{ ...prayed, words }] },
    { ...bundle, id: 3, kind: 'encouraged', requests: [{ ...prayed, people: [], words }] },
    ...outcomes.map((outcome, place) => ({
      ...({ ...told, is: 'closed', kind: 'news' } as const),
      ...{ id: 4 + place, outcome },
    })),
    ...(['answered', 'updated', 'changed'] as const).map((is, place) => ({
      ...({ ...told, kind: 'news', outcome: null } as const),
      ...{ is, id: 10 + place },
    })),
    { ...told, is: 'shown', kind: 'decisions', id: 20 },
    { ...told, is: 'focused', kind: 'decisions', id: 21 },
    { ...told, is: 'rested', kind: 'lapses', id: 22 },
    { at: card.postedAt, is: 'given', kind: 'decisions', id: 23, prayer: null, role: 'team' },
    { at: card.postedAt, is: 'taken', kind: 'decisions', id: 24, prayer: null, role: 'admin' },
    ...(['m_0123456789abcdef', 'm_0123456789abcdeg'] as const).map((member, place) => ({
      ...({ at: card.postedAt, is: 'came', kind: 'invites', prayer: null } as const),
      ...{ id: 25 + place, member, name: hostile },
    })),
  ]
  const cards = [card, { ...card, author: null, isNameless: true }, { ...card, author: null, request: null }]
  return {
    'prayers/encourage': [
      { ...encourage, mistakes: { phrase: hostile } },
      { ...encourage, card: { ...card, author: null }, isUnseen: true },
      { ...encourage, isDone: true },
    ],
    'pray/choose': [
      { lengths: [5, 10, 20], left: null },
      { lengths: [5], left: { href: '/pray/1-2/1', place: 1, of: 1 } },
    ],
    'pray/step': [
      step,
      { ...step, card: { ...card, mayMark: false } },
      { ...step, card: { ...card, mayMark: false, markedJustNow: true } },
    ],
    'pray/rest': [
      { people: 0, isEmpty: true },
      { people: 0, isEmpty: false },
      { people: 7, isEmpty: false },
    ],
    'notices/list': [
      { lapsing: [], notices: [], upTo: 0, unread: 0, isNewest: true, older: null },
      { lapsing: [], notices: [], upTo: 0, unread: 0, isNewest: false, older: null },
      ...cards.map((card) => ({
        lapsing: [{ ...card, lapsesAt: card.postedAt }, card],
        notices: all.map((notice) => ({
          notice,
          cards:
            notice.is === 'prayed' ? notice.requests.map(() => card) : notice.prayer === null ? [] : [card],
          isRead: notice.id % 2 === 0,
        })),
        ...{ upTo: 26, unread: 13, isNewest: true, older: '/notices?before=1' },
      })),
    ],
    'notices/kinds': [
      {
        kinds: [
          { kind: 'prayed', isOn: true },
          { kind: 'news', isOn: false },
        ],
      },
    ],
  }
}
