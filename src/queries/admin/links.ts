import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { atMost, given, prepared, type Reading } from '../../cache/reading.ts'
import type { Moment } from '../../kernel/moment.ts'
import { claims, invites } from '../../records/invites.ts'
import { loginLinks } from '../../records/login-links.ts'
import { members } from '../../records/members.ts'
import { calledBy } from '../actors.ts'
import type { AdminLinks } from '../pages/admin.ts'

const pageSize = 50

const taken = sql<number>`(select count(*) from ${claims} where ${claims.invite} = ${invites.id})`

/** Two that were issued in the same moment have an order, too. */
const place = sql<string>`${invites.issuedAt} || ${invites.id}`

const isOpen = and(isNull(invites.revokedAt), gt(invites.until, given('now')), gt(invites.seats, taken))

const openInvites = prepared((db) =>
  db
    .select({
      id: invites.id,
      issuedBy: invites.issuedBy,
      name: members.name,
      at: invites.issuedAt,
      until: invites.until,
      seats: invites.seats,
      taken,
      role: invites.role,
      place,
    })
    .from(invites)
    .leftJoin(members, eq(members.id, invites.issuedBy))
    .where(and(isOpen, lt(place, given('before'))))
    .orderBy(desc(place))
    .limit(atMost(pageSize + 1))
    .prepare(),
)

const whom = alias(members, 'whom')

const isOpenLogin = and(
  isNull(loginLinks.usedAt),
  isNull(loginLinks.revokedAt),
  gt(loginLinks.until, given('now')),
)

const openLogins = prepared((db) =>
  db
    .select({
      id: loginLinks.id,
      whom: whom.name,
      issuedBy: loginLinks.issuedBy,
      name: members.name,
      at: loginLinks.issuedAt,
      until: loginLinks.until,
    })
    .from(loginLinks)
    .leftJoin(members, eq(members.id, loginLinks.issuedBy))
    .leftJoin(whom, eq(whom.id, loginLinks.member))
    .where(isOpenLogin)
    .orderBy(desc(loginLinks.issuedAt))
    .prepare(),
)

const countInvites = prepared((db) =>
  db.select({ open: sql<number>`count(*)` }).from(invites).where(isOpen).prepare(),
)
const countLogins = prepared((db) =>
  db.select({ open: sql<number>`count(*)` }).from(loginLinks).where(isOpenLogin).prepare(),
)

/** By how many links somebody could come in now. */
export const openLinkCount = (cache: Reading, now: Moment) =>
  (countInvites(cache).get({ now })?.open ?? 0) + (countLogins(cache).get({ now })?.open ?? 0)

/** After every moment that a record can have. */
const end = '~'

/** Everything by which somebody could come in now. `before` is a place in the list of invites. */
export function adminLinks(cache: Reading, before: unknown, now: Moment): AdminLinks {
  const isPlace = typeof before === 'string' && /^\d[\dTZ:.-]{23}i_[0-9a-z]{16}$/.test(before)
  const rows = openInvites(cache).all({ now, before: isPlace ? before : end })
  const shown = rows.slice(0, pageSize)
  return {
    invites: shown.map(({ issuedBy, name, place: _, ...one }) => ({ ...one, by: calledBy(issuedBy, name) })),
    isNewest: !isPlace,
    older: rows.length > pageSize ? `/admin/links?before=${shown.at(-1)?.place}` : null,
    logins: openLogins(cache)
      .all({ now })
      .map(({ issuedBy, name, whom, ...one }) => ({
        ...{ ...one, by: calledBy(issuedBy, name), whom: whom ?? 'Someone who left' },
      })),
  }
}

const loginById = prepared((db) =>
  db
    .select({ id: loginLinks.id, usedAt: loginLinks.usedAt, revokedAt: loginLinks.revokedAt })
    .from(loginLinks)
    .where(eq(loginLinks.id, given('id')))
    .prepare(),
)

export const loginLinkById = (cache: Reading, id: string) => loginById(cache).get({ id })
