import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { untilCommitted } from '../cache/unchanged.ts'
import type { Moment } from '../kernel/moment.ts'
import { focus } from '../records/focus.ts'
import { members } from '../records/members.ts'
import { prayers } from '../records/prayers.ts'
import { separations } from '../records/separations.ts'
import type { Reader } from './cards.ts'
import { seen, sightOf } from './may-see.ts'
import type { InFocus } from './pages/feeds.ts'
import { currentWords } from './requests.ts'

/** So many requests at most are in the community's focus. */
export const mostInFocus = 7
export const mostDaysInFocus = 90

/** What is in focus must be asked for now, and everyone must be able to see it. */
const mayStay = sql`${prayers.state} = 'open' and ${prayers.sees} = 'everyone'`
const inOrder = [asc(focus.place), asc(prayers.sequence)]

const placed = prepared((db) =>
  db
    .select({ prayer: focus.prayer, place: focus.place, until: focus.until })
    .from(focus)
    .innerJoin(prayers, eq(prayers.id, focus.prayer))
    .where(and(gt(focus.until, given('now')), mayStay))
    .orderBy(...inOrder)
    .prepare(),
)

const shown = prepared((db) =>
  db
    .select({
      id: prayers.id,
      author: members.name,
      isNameless: sql<number>`${prayers.author} is null`,
      forWhom: currentWords.forWhom,
      words: currentWords.request,
      until: focus.until,
    })
    .from(focus)
    .innerJoin(prayers, eq(prayers.id, focus.prayer))
    .leftJoin(members, eq(members.id, prayers.author))
    .where(and(mayStay, seen))
    .orderBy(...inOrder)
    .prepare(),
)

const kept = untilCommitted(
  [focus, prayers, separations, members],
  () => new Map<string, readonly InFocus[]>(),
)

/** What is in focus now, as this reader may see it. */
export function inFocus({ cache, keyring, reader, now }: Reader): readonly InFocus[] {
  const known = kept(cache)
  const name = `${reader.member} ${keyring.isWhole}`
  const all = known.get(name) ?? anew(cache, sightOf(cache, keyring, reader))
  known.set(name, all)
  return all.filter(({ until }) => until > now)
}

const anew = (cache: Reading, sight: object): readonly InFocus[] =>
  shown(cache)
    .all({ ...sight })
    .map(({ isNameless, ...one }) => ({ ...one, isNameless: isNameless === 1 }))

/** What is in focus at this moment, in order, whoever may see it. */
export const placedInFocus = (cache: Reading, now: Moment) => placed(cache).all({ now })
