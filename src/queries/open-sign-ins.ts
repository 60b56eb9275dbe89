import { and, eq, gt, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { signIns } from '../records/sign-ins.ts'

const ofMember = prepared((db) =>
  db
    .select({ id: signIns.id })
    .from(signIns)
    .where(
      and(
        eq(signIns.member, given('member')),
        sql`${signIns.state} in ('asked', 'approved')`,
        gt(signIns.until, given('now')),
      ),
    )
    .prepare(),
)

/** The attempts of somebody to come in as this member that have not ended. */
export const openSignInsOf = (cache: Reading, member: string, now: Moment) =>
  ofMember(cache)
    .all({ member, now })
    .map(({ id }) => id)
