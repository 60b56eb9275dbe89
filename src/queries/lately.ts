import { and, desc, gt, sql } from 'drizzle-orm'
import { given } from '../cache/reading.ts'
import { days, earlier } from '../kernel/moment.ts'
import { prayerUpdates } from '../records/prayer-words.ts'
import { prayers } from '../records/prayers.ts'
import { cardsOf, idsOf, pageSize, type Reader, type Row, requests } from './cards.ts'
import { latestMarks } from './marks.ts'
import { seen, sightOf } from './may-see.ts'
import { placeBefore } from './notices/since.ts'
import type { Lately } from './pages/still.ts'

const lasting = 14 * days

/** Each begins at a place in the archive, so that however long the past is, nobody looks through it. */
const start = given('since')
const place = given('from')
const isAsked = sql`${prayers.state} in ('open', 'resting')`
const asked = requests(and(isAsked, gt(prayers.sequence, place), sql`${prayers.postedAt} > ${start}`, seen))
const told = requests(
  and(
    sql`${prayers.id} in (select ${prayerUpdates.prayer} from ${prayerUpdates} where ${prayerUpdates.sequence} > ${place})`,
    isAsked,
    sql`${prayers.updatedAt} > ${start}`,
    seen,
  ),
  desc(prayers.updatedIn),
)
const answered = requests(
  and(
    sql`${prayers.state} = 'answered'`,
    gt(prayers.stateIn, place),
    sql`${prayers.stateAt} > ${start}`,
    seen,
  ),
  desc(prayers.stateIn),
)

/** What happened in the last two weeks to requests that this reader may see; of each sort the newest 20. */
export function lately(reading: Reader): Lately {
  const { cache, keyring, reader, now } = reading
  const sight = sightOf(cache, keyring, reader)
  const since = earlier(now, lasting)
  const from = placeBefore(cache, now, lasting)
  const cards = (query: typeof asked) => {
    const rows = (query(cache).values({ ...sight, since, from }) as unknown as readonly Row[]).slice(
      0,
      pageSize,
    )
    return cardsOf(rows, { ...reading, sight, marks: latestMarks(cache, idsOf(rows), reader.member) })
  }
  return { asked: cards(asked), told: cards(told), answered: cards(answered) }
}
