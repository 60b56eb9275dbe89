import { and, desc, sql } from 'drizzle-orm'
import { given } from '../cache/reading.ts'
import { days, earlier } from '../kernel/moment.ts'
import { prayers } from '../records/prayers.ts'
import { cardsOf, idsOf, pageSize, type Reader, type Row, requests } from './cards.ts'
import { latestMarks } from './marks.ts'
import { seen, sightOf } from './may-see.ts'
import type { Lately } from './pages/still.ts'

const since = given('since')
const asked = requests(
  and(sql`${prayers.state} in ('open', 'resting')`, sql`${prayers.postedAt} > ${since}`, seen),
)
const told = requests(
  and(sql`${prayers.state} in ('open', 'resting')`, sql`${prayers.updatedAt} > ${since}`, seen),
  desc(prayers.updatedIn),
)
const answered = requests(
  and(sql`${prayers.state} = 'answered'`, sql`${prayers.stateAt} > ${since}`, seen),
  desc(prayers.stateIn),
)

/** What happened in the last two weeks to requests that this reader may see; of each sort the newest 20. */
export function lately(reading: Reader): Lately {
  const { cache, keyring, reader, now } = reading
  const sight = sightOf(cache, keyring, reader)
  const cards = (query: typeof asked) => {
    const values = { since: earlier(now, 14 * days), ...sight }
    const rows = (query(cache).values(values) as unknown as readonly Row[]).slice(0, pageSize)
    return cardsOf(rows, { ...reading, sight, marks: latestMarks(cache, idsOf(rows), reader.member) })
  }
  return { asked: cards(asked), told: cards(told), answered: cards(answered) }
}
