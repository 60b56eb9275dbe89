import { and, eq, gt, min, ne, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../../cache/reading.ts'
import type { Role } from '../../kernel/actor.ts'
import { audit } from '../../records/audit.ts'
import { authorLookups } from '../../records/author-lookups.ts'
import { members } from '../../records/members.ts'
import { prayers } from '../../records/prayers.ts'
import type { Notice } from '../pages/notices.ts'
import { isKnown, isOwn } from './own.ts'
import type { Since } from './since.ts'

/* What others decided about the reader, who came by their invites, and what of theirs rests by itself. */

const rights = prepared((db) =>
  db
    .select({ id: audit.sequence, at: audit.at, act: audit.act, role: audit.detail })
    .from(audit)
    .where(
      and(
        eq(audit.member, given('reader')),
        gt(audit.sequence, given('from')),
        gt(audit.at, given('since')),
        sql`${audit.act} in ('role.granted', 'role.revoked')`,
        ne(audit.by, given('reader')),
      ),
    )
    .prepare(),
)

const shown = prepared((db) =>
  db
    .select({ id: authorLookups.sequence, at: authorLookups.at, prayer: authorLookups.prayer })
    .from(prayers)
    .innerJoin(authorLookups, eq(authorLookups.prayer, prayers.id))
    .where(and(isOwn, gt(authorLookups.sequence, given('from')), gt(authorLookups.at, given('since'))))
    .prepare(),
)

/** Of a request that is moved within the focus the first time counts. */
const focused = prepared((db) =>
  db
    .select({ id: sql<number>`${min(audit.sequence)}`, at: audit.at, prayer: prayers.id })
    .from(audit)
    .innerJoin(prayers, eq(prayers.id, audit.detail))
    .where(
      and(
        sql`${audit.act} = 'focus.placed'`,
        gt(audit.sequence, given('place')),
        gt(audit.at, given('since')),
        ne(audit.by, given('reader')),
        isOwn,
      ),
    )
    .groupBy(prayers.id)
    .prepare(),
)

const rests = prepared((db) =>
  db
    .select({ id: prayers.stateIn, at: prayers.stateAt, prayer: prayers.id })
    .from(prayers)
    .where(
      and(
        isOwn,
        sql`${prayers.state} = 'resting' and ${prayers.lapsesAt} <= ${prayers.stateAt}`,
        gt(prayers.stateIn, given('from')),
        gt(prayers.stateAt, given('since')),
      ),
    )
    .prepare(),
)

const came = prepared((db) =>
  db
    .select({ id: members.sequence, at: members.joinedAt, member: members.id, name: members.name })
    .from(members)
    .where(
      and(
        eq(members.invitedBy, given('reader')),
        sql`${members.standing} = 'here' and ${members.name} is not null`,
        gt(members.sequence, given('from')),
        gt(members.joinedAt, given('since')),
        isKnown(members.id),
      ),
    )
    .prepare(),
)

/** All of it that this reader has not heard of before the record `from`. `place` is where what they may hear of begins. */
export const decisions = (cache: Reading, values: Since, place: number): Notice[] => [
  ...rights(cache)
    .all({ ...values })
    // What the audit log says of these two is a role.
    .map(({ id, at, act, role }) => ({
      ...({ is: act === 'role.granted' ? 'given' : 'taken', kind: 'decisions' } as const),
      ...{ id, at, prayer: null, role: role as Role },
    })),
  ...shown(cache)
    .all({ ...values })
    .map((row) => ({ ...row, is: 'shown' as const, kind: 'decisions' as const })),
  ...focused(cache)
    .all({ ...values, place })
    .filter(({ id }) => id > values.from)
    .map((row) => ({ ...row, is: 'focused' as const, kind: 'decisions' as const })),
  ...rests(cache)
    .all({ ...values })
    .map((row) => ({ ...row, is: 'rested' as const, kind: 'lapses' as const })),
  ...came(cache)
    .all({ ...values })
    .map((row) => ({ ...row, is: 'came' as const, kind: 'invites' as const, prayer: null })),
]
