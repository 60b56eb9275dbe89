import { and, desc, eq, lt } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { erasures } from '../records/erasures.ts'
import { members } from '../records/members.ts'
import { type RecoveryAct, recoveryHistory } from '../records/recovery.ts'

const newest = prepared((db) =>
  db
    .select()
    .from(recoveryHistory)
    .where(eq(recoveryHistory.act, given('act')))
    .orderBy(desc(recoveryHistory.sequence))
    .limit(atMost(1))
    .prepare(),
)

/** The last time that this was done, if it ever was. */
export const lastAct = (cache: Reading, act: RecoveryAct) => newest(cache).get({ act })

const lately = prepared((db) =>
  db
    .select()
    .from(recoveryHistory)
    .where(eq(recoveryHistory.act, given('act')))
    .orderBy(desc(recoveryHistory.sequence))
    .limit(atMost(24))
    .prepare(),
)

/** The last 24 times that this was done, the latest first. */
export const latestActs = (cache: Reading, act: RecoveryAct) => lately(cache).all({ act })
const newestBySchedule = prepared((db) =>
  db
    .select()
    .from(recoveryHistory)
    .where(and(eq(recoveryHistory.act, given('act')), eq(recoveryHistory.by, 'schedule')))
    .orderBy(desc(recoveryHistory.sequence))
    .limit(atMost(1))
    .prepare(),
)

/** The last time that the clock had it done: what somebody asked for may be elsewhere. */
export const lastScheduled = (cache: Reading, act: RecoveryAct) => newestBySchedule(cache).get({ act })

const newestComparison = prepared((db) =>
  db
    .select()
    .from(recoveryHistory)
    .where(and(eq(recoveryHistory.act, 'verified'), eq(recoveryHistory.detail, 'deep')))
    .orderBy(desc(recoveryHistory.sequence))
    .limit(atMost(1))
    .prepare(),
)

/** The last time that the cache was compared with a fresh rebuild. */
export const lastComparison = (cache: Reading) => newestComparison(cache).get({})

const pageSize = 50

const page = prepared((db) =>
  db
    .select({
      sequence: recoveryHistory.sequence,
      act: recoveryHistory.act,
      by: recoveryHistory.by,
      byName: members.name,
      at: recoveryHistory.at,
      isWell: recoveryHistory.isWell,
      records: recoveryHistory.records,
      milliseconds: recoveryHistory.milliseconds,
      detail: recoveryHistory.detail,
    })
    .from(recoveryHistory)
    .leftJoin(members, eq(members.id, recoveryHistory.by))
    .where(lt(recoveryHistory.sequence, given('before')))
    .orderBy(desc(recoveryHistory.sequence))
    .limit(atMost(pageSize + 1))
    .prepare(),
)

const erased = prepared((db) =>
  db
    .select()
    .from(erasures)
    .where(lt(erasures.sequence, given('before')))
    .orderBy(desc(erasures.sequence))
    .limit(atMost(pageSize + 1))
    .prepare(),
)

/** What was done for archive and cache, erasures too, newest first, a page at a time by the sequence of its records. */
export function recoveryActsBefore(cache: Reading, before = Number.MAX_SAFE_INTEGER) {
  const gone = erased(cache).all({ before })
  const found = [...page(cache).all({ before }), ...gone.map(asAct)].sort((a, b) => b.sequence - a.sequence)
  const acts = found.slice(0, pageSize)
  return { acts, older: found.length > pageSize ? acts.at(-1)?.sequence : undefined }
}

/** Why and where words were erased; by whom is told to those whom it concerns. */
const asAct = ({ sequence, at, record, why }: typeof erasures.$inferSelect) => ({
  ...{ sequence, at, act: 'erased' as const, by: null, byName: null, isWell: true },
  ...{ records: null, milliseconds: null, detail: `${record} ${why}` },
})

export type Act = ReturnType<typeof recoveryActsBefore>['acts'][number]
