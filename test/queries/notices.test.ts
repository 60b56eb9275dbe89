import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAllNotices, switchNotices } from '../../src/commands/notices.ts'
import type { Member } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { hours } from '../../src/kernel/moment.ts'
import { noticesPage, unreadNotices } from '../../src/queries/notices.ts'
import { encouragementSent } from '../../src/records/encouragements.ts'
import { prayerFollowed } from '../../src/records/follows.ts'
import { prayerMarked } from '../../src/records/marks.ts'
import { prayerAnswered, prayerWithdrawn } from '../../src/records/prayer-states.ts'
import { prayerUpdated } from '../../src/records/prayer-words.ts'
import { prayerPosted } from '../../src/records/prayers.ts'
import { pairRejoined, pairSeparated } from '../../src/records/separations.ts'
import { type Community, community } from '../tools/community.ts'

const deeds = ['marked', 'marked', 'encouraged', 'followed', 'followed', 'withdrawn'] as const
/** Done by whoever asked, so that each request comes to something. */
const goesOn = ['updated', 'updated', 'answered'] as const
const other = ['apart', 'together', 'together', 'read', 'hush', 'hear', 'passes', 'passes', 'passes'] as const

const happening = fc.record({
  what: fc.constantFrom(...deeds, ...deeds, ...goesOn, ...goesOn, ...other),
  who: fc.nat(2),
  which: fc.nat(5),
  hours: fc.integer({ min: 1, max: 30 }),
})

interface Told {
  readonly what: string
  readonly who: number
  readonly which: number
  readonly sequence: number
  readonly at: string
}

/** The site as a notebook: all that happened, in order, and what each has read and wants to hear. */
interface Notebook {
  readonly told: Told[]
  readonly apart: Set<string>
  readonly read: readonly Set<number>[]
  readonly hushed: Set<number>
}

const pair = (one: number, other: number) => [one, other].sort().join(' ')
const authorOf = (which: number) => which % 3
/** On the day that begins at seven. */
const dayOf = (at: string) => at.slice(0, 10)
const dayNow = (now: string) => new Date(Date.parse(now) - 7 * hours).toISOString().slice(0, 10)

/** What `me` hears of, by the rule and slowly: the newest record of each notice, newest first. */
function heard({ told, apart, hushed }: Notebook, me: number, now: string): number[] {
  const isWithdrawn = (which: number) => told.some((one) => one.what === 'withdrawn' && one.which === which)
  const found = new Set<number>()
  const ofOthers = told.filter(
    ({ what, who, which, at }) =>
      authorOf(which) === me &&
      !isWithdrawn(which) &&
      who !== me &&
      !apart.has(pair(who, me)) &&
      (what === 'encouraged' || (what === 'marked' && !hushed.has(me))) &&
      dayOf(at) < dayNow(now),
  )
  for (const day of new Set(ofOthers.map(({ at }) => dayOf(at))))
    found.add(Math.max(...ofOthers.filter(({ at }) => dayOf(at) === day).map(({ sequence }) => sequence)))
  for (const which of [0, 1, 2, 3, 4, 5]) {
    if (isWithdrawn(which)) continue
    const about = told.filter((one) => one.which === which)
    if (authorOf(which) !== me && !apart.has(pair(authorOf(which), me))) {
      const close = about.find(({ what, who }) => who === me && (what === 'marked' || what === 'followed'))
      for (const sort of ['updated', 'answered']) {
        const newest = about.findLast(({ what }) => what === sort)
        if (close && newest && newest.sequence > close.sequence) found.add(newest.sequence)
      }
    }
  }
  return [...found].sort((a, b) => b - a)
}

const hasPrayed = ({ told }: Notebook, me: number, which: number) =>
  told.some((one) => one.what === 'marked' && one.who === me && one.which === which)

async function happens(
  here: Community,
  people: readonly Member[],
  prayers: readonly string[],
  notebook: Notebook,
  {
    what,
    who: somebody,
    which,
    hours: passed,
  }: typeof happening extends fc.Arbitrary<infer One> ? One : never,
) {
  const who = goesOn.some((one) => one === what) ? authorOf(which) : somebody
  const me = people[who]
  const them = people[(who + 1) % 3]
  const prayer = prayers[which] ?? ''
  assert.ok(me && them)
  const by = me.member
  const write = (...drafts: readonly Draft[]) => here.ledger.record(() => ({ drafts, result: null }))
  if (what === 'passes') return here.passes(passed * hours)
  if (what === 'hush' || what === 'hear') {
    const all = { encouraged: 'yes', news: 'yes', invites: 'yes', decisions: 'yes', lapses: 'yes' }
    await here.does(me, switchNotices, { ...all, prayed: what === 'hear' ? 'yes' : '' })
    notebook.hushed[what === 'hear' ? 'delete' : 'add'](who)
  } else if (what === 'read') {
    const told = heard(notebook, who, here.now())
    await here.does(me, readAllNotices, { upTo: String(told[0] ?? 0) })
    for (const sequence of told) notebook.read[who]?.add(sequence)
  } else if (what === 'apart' && !notebook.apart.has(pair(who, (who + 1) % 3))) {
    await write(pairSeparated.of({ by, one: by, other: them.member }))
    notebook.apart.add(pair(who, (who + 1) % 3))
  } else if (what === 'together') {
    const back = (one: string, other: string) => pairRejoined.of({ by: one, one, other })
    await write(back(by, them.member), back(them.member, by))
    notebook.apart.delete(pair(who, (who + 1) % 3))
  } else {
    const isAuthor = authorOf(which) === who
    const drafts: Readonly<Record<string, () => Draft>> = {
      marked: () => prayerMarked.of({ by, prayer }),
      ...(isAuthor
        ? {
            updated: () => prayerUpdated.of({ by, prayer, update: 'So.' }),
            answered: () => prayerAnswered.of({ by, prayer }),
            withdrawn: () => prayerWithdrawn.of({ by, prayer }),
          }
        : {
            encouraged: () => encouragementSent.of({ by, prayer, phrase: 'Peace.' }),
            followed: () => prayerFollowed.of({ by, prayer }),
          }),
    }
    const isOver = notebook.told.some(
      (one) => one.which === which && ['answered', 'withdrawn'].includes(one.what),
    )
    const draft = drafts[what]?.()
    // Those who follow already stay as they are, and what has ended ends once.
    const isAgain =
      what === 'followed' &&
      notebook.told.some((one) => one.what === what && one.which === which && one.who === who)
    if (!draft || isAgain || (isOver && ['answered', 'withdrawn'].includes(what))) return
    await write(draft)
    notebook.told.push({ what, who, which, sequence: here.ledger.head().sequence, at: here.now() })
  }
}

test('notices, and how many are new, are what a slow reading of all that happened says, for everybody and at any moment', async (t) => {
  let shown = 0
  let unread = 0
  let followed = 0
  for (const history of fc.sample(fc.array(happening, { minLength: 40, maxLength: 60 }), {
    numRuns: 4,
    seed: 3,
  })) {
    const here = await community(t)
    await here.namesKey()
    const people = [await here.joins('Ruth'), await here.joins('Boaz'), await here.joins('Naomi')]
    const prayers: string[] = []
    for (const which of [0, 1, 2, 3, 4, 5]) {
      const by = people[authorOf(which)]?.member ?? ''
      const prayer = await here.ledger.record((_cache, stamp) => {
        const prayer = stamp.id('prayer')
        return {
          drafts: [prayerPosted.of({ by, prayer, sees: 'everyone', request: 'Please.' })],
          result: prayer,
        }
      })
      prayers.push(prayer)
    }
    const notebook: Notebook = {
      told: [],
      apart: new Set(),
      read: [new Set(), new Set(), new Set()],
      hushed: new Set(),
    }
    for (const one of history) {
      await happens(here, people, prayers, notebook, one)
      for (const [me, member] of people.entries()) {
        const reading = here.reading(member)
        const page = noticesPage(reading)
        const expected = heard(notebook, me, here.now()).slice(0, 30)
        assert.deepEqual(
          page.notices.map(({ notice }) => notice.id),
          expected,
          `${member.name} after ${one.what}`,
        )
        assert.equal(unreadNotices(reading), page.unread)
        shown += expected.length
        unread += page.unread
        followed += page.notices.filter(
          ({ notice }) => notice.kind === 'news' && !hasPrayed(notebook, me, prayers.indexOf(notice.prayer)),
        ).length
        for (const { notice, isRead } of page.notices)
          assert.ok(isRead || !notebook.read[me]?.has(notice.id), 'what was read stays so')
        if (one.what === 'read' && one.who === me) assert.equal(page.unread, 0)
      }
    }
  }
  assert.ok(shown > 300 && unread > 100, `${shown} shown, ${unread} new`)
  assert.ok(followed > 30, `${followed} of what one only follows`)
})
