import { and, desc, eq, gt } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import type { Member } from '../kernel/actor.ts'
import { days, earlier, type Moment } from '../kernel/moment.ts'
import { sessions } from '../records/sessions.ts'
import { linksMadeFor } from './login-links.ts'
import type { Device, Devices } from './pages/devices.ts'

const openOf = prepared((db) =>
  db
    .select({
      id: sessions.id,
      device: sessions.device,
      how: sessions.how,
      since: sessions.openedAt,
      renewedAt: sessions.renewedAt,
      isShared: sessions.isShared,
      until: sessions.until,
    })
    .from(sessions)
    .where(and(eq(sessions.member, given('member')), gt(sessions.until, given('now'))))
    .orderBy(desc(sessions.openedAt), desc(sessions.id))
    .prepare(),
)

/** The open sessions of this member. */
export const sessionsOf = (cache: Reading, member: string, now: Moment) => openOf(cache).all({ member, now })

/** Where whoever asks is signed in, and the links that were made for them. */
export function devicesOf(cache: Reading, { member, session }: Member, now: Moment): Devices {
  const devices = sessionsOf(cache, member, now).map(({ renewedAt, ...one }): Device => {
    const isThis = one.id === session
    return { ...one, isThis, used: isThis ? 'this week' : usedSince(renewedAt, now) }
  })
  const [others, own] = [devices.filter(({ isThis }) => !isThis), devices.filter(({ isThis }) => isThis)]
  return { devices: [...own, ...others], links: linksMadeFor(cache, member, now) }
}

/** A session in use is renewed a week after it was, when it is used next. */
function usedSince(renewedAt: Moment, now: Moment): Device['used'] {
  if (renewedAt > earlier(now, 7 * days)) return 'this week'
  return renewedAt > earlier(now, 14 * days) ? 'within two weeks' : 'longer ago'
}
