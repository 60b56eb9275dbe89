import { and, eq, gt, max, min, ne, sql } from 'drizzle-orm'
import { given, prepared, type Reading } from '../../cache/reading.ts'
import type { Role } from '../../kernel/actor.ts'
import { audit } from '../../records/audit.ts'
import { authorLookups } from '../../records/author-lookups.ts'
import { members } from '../../records/members.ts'
import { prayers } from '../../records/prayers.ts'
import type { Notice } from '../pages/notices.ts'
import { isKnown, isOwn, isSpokenOf } from './own.ts'
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

/** What moderators did for a request: of each the first time, since it moves within the focus, or the newest. */
const done = (act: 'focus.placed' | 'prayer.renewed', one: typeof min | typeof max) =>
  prepared((db) =>
    db
      .select({ id: sql<number>`${one(audit.sequence)}`, at: audit.at, prayer: prayers.id })
      .from(audit)
      .innerJoin(prayers, eq(prayers.id, audit.detail))
      .where(
        and(
          eq(audit.act, act),
          gt(audit.sequence, given('place')),
          gt(audit.at, given('since')),
          ne(audit.by, given('reader')),
          isSpokenOf,
        ),
      )
      .groupBy(prayers.id)
      .prepare(),
  )

const focused = done('focus.placed', min)
const extended = done('prayer.renewed', max)

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

/** Whoever had to wait for an admin's yes has come since then. */
const cameIn = sql<number>`coalesce(${audit.sequence}, ${members.sequence})`
const cameAt = sql<string>`coalesce(${audit.at}, ${members.joinedAt})`

const came = prepared((db) =>
  db
    .select({ id: cameIn, at: cameAt, member: members.id, name: members.name })
    .from(members)
    .leftJoin(audit, and(eq(audit.member, members.id), sql`${audit.act} = 'member.admitted'`))
    .where(
      and(
        eq(members.invitedBy, given('reader')),
        sql`${members.standing} = 'here' and ${members.name} is not null`,
        gt(cameIn, given('from')),
        gt(cameAt, given('since')),
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
  ...extended(cache)
    .all({ ...values, place: values.from })
    .map((row) => ({ ...row, is: 'extended' as const, kind: 'decisions' as const })),
  ...rests(cache)
    .all({ ...values })
    .map((row) => ({ ...row, is: 'rested' as const, kind: 'lapses' as const })),
  ...came(cache)
    .all({ ...values })
    .map((row) => ({ ...row, is: 'came' as const, kind: 'invites' as const, prayer: null })),
]
