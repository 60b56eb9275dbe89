import { and, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../../cache/reading.ts'
import { hours, later } from '../../kernel/moment.ts'
import { follows } from '../../records/follows.ts'
import { marks } from '../../records/marks.ts'
import { prayerChanges, prayerUpdates } from '../../records/prayer-words.ts'
import { prayers } from '../../records/prayers.ts'
import { isMine, seen } from '../may-see.ts'
import type { News } from '../pages/notices.ts'
import type { Since } from './since.ts'

/** What has changed of late, whoever asked it: few, and found by the places of their records. Once for each is for `in` to say. */
const isNew = sql`${prayers.id} in (
  select ${prayerUpdates.prayer} from ${prayerUpdates} where ${prayerUpdates.sequence} > ${given('from')}
  union all select ${prayerChanges.prayer} from ${prayerChanges} where ${prayerChanges.sequence} > ${given('from')}
  union all select ended.id from ${prayers} as ended
    where ended.state in ('answered', 'closed') and ended."stateIn" > ${given('from')}
)`

/** Apart from the query, or drizzle would leave out which table a column is of. */
const prayedIn = sql`(
  select min(${marks.sequence}) from ${marks}
  where ${marks.prayer} = ${prayers.id} and ${marks.member} = ${given('reader')}
)`
const followedIn = sql`(
  select ${follows.sequence} from ${follows} where ${follows.id} = ${given('reader')} || '.' || ${prayers.id}
)`

const since = prepared((db) =>
  db
    .select({
      prayer: prayers.id,
      postedAt: prayers.postedAt,
      state: prayers.state,
      stateIn: prayers.stateIn,
      stateAt: prayers.stateAt,
      outcome: prayers.outcome,
      changedIn: prayers.changedIn,
      changedAt: prayers.changedAt,
      updatedIn: prayers.updatedIn,
      updatedAt: prayers.updatedAt,
      hasUpdate: sql<0 | 1>`${prayers.update} is not null`,
      prayedIn: sql<number | null>`${prayedIn}`,
      followedIn: sql<number | null>`${followedIn}`,
    })
    .from(prayers)
    .where(and(isNew, seen, sql`coalesce(${isMine}, 0) = 0`, sql`${prayers.state} <> 'withdrawn'`))
    .prepare(),
)

/** What became of the requests of others since this reader prayed for them or follows them: of each the newest of its sort. */
export function news(cache: Reading, values: Since): News[] {
  return since(cache)
    .all({ ...values })
    .flatMap((row): News[] => {
      const { prayer, prayedIn, followedIn, state, outcome } = row
      const closeSince = Math.min(
        prayedIn ?? Number.POSITIVE_INFINITY,
        followedIn ?? Number.POSITIVE_INFINITY,
      )
      const from = Math.max(values.from, closeSince)
      const found: News[] = []
      const add = (is: News['is'], id: number | null, at: string | null) => {
        if (id !== null && at !== null && id > from && at > values.since)
          found.push({ is, kind: 'news', id, at, prayer, outcome: is === 'closed' ? outcome : null })
      }
      // For an hour an author mends words as freely as before they were shared.
      if (row.changedAt !== null && row.changedAt > later(row.postedAt, hours))
        add('changed', row.changedIn, row.changedAt)
      if (row.hasUpdate) add('updated', row.updatedIn, row.updatedAt)
      if (state === 'answered' || state === 'closed') add(state, row.stateIn, row.stateAt)
      return found
    })
}
