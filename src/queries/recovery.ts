import { and, desc, eq, lt } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
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

/** What was done for archive and cache, newest first, a page at a time by the sequence of its records. */
export function recoveryActsBefore(cache: Reading, before = Number.MAX_SAFE_INTEGER) {
  const found = page(cache).all({ before })
  const acts = found.slice(0, pageSize)
  return { acts, older: found.length > pageSize ? acts.at(-1)?.sequence : undefined }
}
