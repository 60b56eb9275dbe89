import type { Reading } from '../../cache/reading.ts'
import { untilCommitted } from '../../cache/unchanged.ts'
import { follows } from '../../records/follows.ts'
import { marks } from '../../records/marks.ts'
import { prayers } from '../../records/prayers.ts'
import { separations } from '../../records/separations.ts'
import type { Reader } from '../cards.ts'
import { inFocus } from '../focus.ts'
import { sightOf } from '../may-see.ts'
import type { FeedName } from './kinds.ts'
import { countIn } from './places.ts'
import { valuesFor } from './values.ts'

const perReader = (...tables: Parameters<typeof untilCommitted>[0]) =>
  untilCommitted([prayers, separations, ...tables], () => new Map<string, number>())

/** Where the counts of each feed are kept until something is committed that counts. */
const kept: Readonly<Record<Exclude<FeedName, 'focus'>, (cache: Reading) => Map<string, number>>> = {
  new: perReader(),
  // Its order comes from praying, not its length.
  waiting: perReader(),
  unprayed: perReader(marks),
  week: perReader(),
  followed: perReader(follows),
  prayed: perReader(marks),
  answered: perReader(),
  mine: perReader(),
}

/** How many requests are in each feed for this reader, at most 100 of each. */
export function feedCounter(reading: Reader): (feed: FeedName) => number {
  const { cache, keyring, reader } = reading
  const values = valuesFor(reading, sightOf(cache, keyring, reader))
  const name = `${reader.member} ${values.isOfTeam} ${keyring.isWhole} ${values.today}`
  return (feed) => {
    if (feed === 'focus') return inFocus(reading).length
    const counts = kept[feed](cache)
    const count = counts.get(name) ?? countIn(cache, feed, values)
    counts.set(name, count)
    return count
  }
}
