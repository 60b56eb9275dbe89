import { and, asc, count, eq, isNull } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { flags } from '../records/flags.ts'
import { members } from '../records/members.ts'
import { prayers } from '../records/prayers.ts'
import type { Reader } from './cards.ts'
import { mayJudge, mayMeet } from './may-see.ts'
import type { FlagsPage } from './pages/becoming.ts'
import { type RequestNow, wordsNow } from './requests.ts'

const openOnes = prepared((db) =>
  db
    .select({ flag: flags, request: prayers, by: members.name })
    .from(flags)
    .innerJoin(prayers, eq(prayers.id, flags.prayer))
    .leftJoin(members, eq(members.id, flags.by))
    .where(isNull(flags.settledAt))
    .orderBy(asc(flags.sequence))
    .prepare(),
)

const one = prepared((db) =>
  db
    .select({ settledAt: flags.settledAt, request: prayers })
    .from(flags)
    .innerJoin(prayers, eq(prayers.id, flags.prayer))
    .where(eq(flags.sequence, given('flag')))
    .prepare(),
)

const openBy = prepared((db) =>
  db
    .select({ flags: count() })
    .from(flags)
    .where(and(eq(flags.prayer, given('prayer')), eq(flags.by, given('member')), isNull(flags.settledAt)))
    .prepare(),
)

/** Where the reason of a flag belongs. */
export const reasonOf = (prayer: string) => ({ kind: 'prayer.flagged', field: 'reason', id: prayer })

/** A flag with what it is about, to decide about it. */
export const flagById = (cache: Reading, flag: number) => one(cache).get({ flag })

/** Whether this member has asked already, and nobody has looked yet. */
export const hasOpenFlag = (cache: Reading, prayer: string, member: string) =>
  (openBy(cache).get({ prayer, member })?.flags ?? 0) > 0

/** How many of them wait for this moderator. */
export const flagsWaiting = (reading: Reader): number => waitingFor(reading).length

/** What waits for moderators, oldest first: of what they may look at by their flags alone, the words stand here. */
export function flagsPage(reading: Reader): FlagsPage {
  const { cache, keyring, reader } = reading
  return {
    flags: waitingFor(reading).map(({ flag, request, by }) => ({
      flag: flag.sequence,
      prayer: request.id,
      at: flag.at,
      by: mayMeet(cache, reader.member, flag.by) ? by : null,
      reason: flag.reason === null ? null : (keyring.open(reasonOf(request.id), flag.reason) ?? null),
      sees: request.sees,
      ...flaggedWords(reading, request),
    })),
  }
}

const waitingFor = ({ cache, keyring, reader }: Reader) =>
  openOnes(cache)
    .all()
    .filter(({ request }) => mayJudge(cache, keyring, reader, request))

/** What was taken back meanwhile nobody reads any more. */
function flaggedWords({ keyring }: Reader, request: RequestNow) {
  const isTakenBack = request.state === 'withdrawn'
  const words = isTakenBack ? null : wordsNow(keyring, request)
  return { isTakenBack, request: words?.request ?? null, forWhom: words?.forWhom ?? null }
}
