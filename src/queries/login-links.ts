import { and, desc, eq, gt, isNull, type SQL } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Moment } from '../kernel/moment.ts'
import { loginLinks } from '../records/login-links.ts'
import { members } from '../records/members.ts'
import { linkState } from './links.ts'
import type { LinkMade } from './pages/sign-ins.ts'
import type { LinkHolder } from './pages/ways-in.ts'

/** What its page shows of a login link, and what using it needs besides. */
export interface FoundLoginLink extends LinkHolder {
  readonly id: string
  readonly member: string
}

const byToken = prepared((db) =>
  db
    .select({
      id: loginLinks.id,
      member: loginLinks.member,
      name: members.name,
      until: loginLinks.until,
      usedAt: loginLinks.usedAt,
      revokedAt: loginLinks.revokedAt,
    })
    .from(loginLinks)
    .leftJoin(members, eq(members.id, loginLinks.member))
    .where(eq(loginLinks.token, given('token')))
    .prepare(),
)

const open = (condition: SQL) =>
  prepared((db) =>
    db
      .select({ id: loginLinks.id })
      .from(loginLinks)
      .where(
        and(
          condition,
          isNull(loginLinks.usedAt),
          isNull(loginLinks.revokedAt),
          gt(loginLinks.until, given('now')),
        ),
      )
      .prepare(),
  )

const openFor = open(eq(loginLinks.member, given('member')))
const openBy = open(eq(loginLinks.issuedBy, given('member')))

const madeFor = prepared((db) =>
  db
    .select({
      issuedBy: loginLinks.issuedBy,
      by: members.name,
      at: loginLinks.issuedAt,
      until: loginLinks.until,
      usedAt: loginLinks.usedAt,
      revokedAt: loginLinks.revokedAt,
    })
    .from(loginLinks)
    .leftJoin(members, eq(members.id, loginLinks.issuedBy))
    .where(eq(loginLinks.member, given('member')))
    .orderBy(desc(loginLinks.issuedAt))
    .prepare(),
)

/** Every link that was ever made for this member, with who made it and when. Newest first. */
export const linksMadeFor = (cache: Reading, member: string, now: Moment): LinkMade[] =>
  madeFor(cache)
    .all({ member })
    .map(({ issuedBy, by, at, ...link }) => ({
      ...{ by, isByOperator: issuedBy === 'operator', at },
      state: linkState({ ...link, isUsed: link.usedAt !== null }, now),
    }))

/** The login link that holds the token of this digest. */
export function loginLinkByToken(cache: Reading, token: string, now: Moment): FoundLoginLink | undefined {
  const found = byToken(cache).get({ token })
  if (!found) return undefined
  const { id, member, name } = found
  return { id, member, name, state: linkState({ ...found, isUsed: found.usedAt !== null }, now) }
}

/** The links with which this member could still come in. */
export const openLoginLinks = (cache: Reading, member: string, now: Moment) =>
  openFor(cache)
    .all({ member, now })
    .map(({ id }) => id)

/** The links that this member made, with which others could still come in, or they themselves as them. */
export const openLoginLinksBy = (cache: Reading, member: string, now: Moment) =>
  openBy(cache)
    .all({ member, now })
    .map(({ id }) => id)
