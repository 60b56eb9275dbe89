import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { atMost, given, prepared } from '../cache/reading.ts'
import { claims, invites } from '../records/invites.ts'
import { members } from '../records/members.ts'
import { separations } from '../records/separations.ts'
import type { Reader } from './cards.ts'
import { mostOpen, noteOf, openInvitesOf, taken } from './invites.ts'
import { linkState } from './links.ts'
import { isPaused } from './members.ts'
import type { MyInvite, MyInvites } from './pages/joining.ts'

const latest = prepared((db) =>
  db
    .select({
      id: invites.id,
      issuedAt: invites.issuedAt,
      until: invites.until,
      seats: invites.seats,
      taken,
      revokedAt: invites.revokedAt,
      asksAdmin: invites.asksAdmin,
      note: invites.note,
    })
    .from(invites)
    .where(and(eq(invites.issuedBy, given('member')), isNull(invites.application)))
    .orderBy(desc(invites.issuedAt))
    .limit(atMost(50))
    .prepare(),
)

/** Whoever left, or is kept apart from the reader, is not among them. */
const cameBy = prepared((db) =>
  db
    .select({ name: members.name, standing: members.standing })
    .from(claims)
    .innerJoin(members, eq(members.id, claims.member))
    .where(
      and(
        eq(claims.invite, given('invite')),
        sql`${members.standing} in ('here', 'waiting')`,
        sql`not exists (
          select 1 from ${separations}
          where ${separations.member} = ${given('reader')} and ${separations.other} = ${claims.member}
        )`,
      ),
    )
    .orderBy(asc(members.sequence))
    .prepare(),
)

/** My latest invitations, and whether I may make more. */
export function myInvites({
  cache,
  keyring,
  reader,
  now,
}: Reader): Omit<MyInvites, 'note' | 'mistakes' | 'mayInviteSeveral'> {
  const { member } = reader
  return {
    invites: latest(cache)
      .all({ member })
      .map(({ id, taken, revokedAt, note, ...invite }): MyInvite => {
        const came = cameBy(cache)
          .all({ invite: id, reader: member })
          .flatMap(({ name, standing }) => (name === null ? [] : { name, isWaiting: standing === 'waiting' }))
        return {
          ...{ id, came, ...invite },
          state: linkState({ isUsed: taken >= invite.seats, until: invite.until, revokedAt }, now),
          left: Math.max(0, invite.seats - taken),
          note: note === null ? null : (keyring.open(noteOf(id), note) ?? null),
          others: taken - came.length,
        }
      }),
    left: Math.max(0, mostOpen - openInvitesOf(cache, member, now)),
    isPaused: isPaused(cache, member),
  }
}
