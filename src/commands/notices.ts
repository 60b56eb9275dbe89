import * as z from 'zod'
import type { Member } from '../kernel/actor.ts'
import type { Reader } from '../queries/cards.ts'
import { hushedKinds, noticeToken, readBy, readPlace, toldSince, upToOf } from '../queries/notices.ts'
import { allNoticesRead, noticeKinds, noticeRead, noticesSwitched } from '../records/notices.ts'
import { command, type Deciding, optional } from './command.ts'

const outOfDate = 'This page is out of date: open it again.'
const place = z
  .string(outOfDate)
  .regex(/^\d{1,15}$/, outOfDate)
  .transform(Number)

/** One is read; whatever is no notice of theirs changes nothing. */
export const readNotice = command({
  name: 'readNotice',
  input: z.object({ notice: place }),
  decide(asked, { notice }) {
    const reading = readerIn(asked)
    const isRead = readBy(reading)
    const { notices } = toldSince(reading, notice - 1)
    const isUnread = notices.some((one) => one.id === notice && !isRead(one))
    return { drafts: isUnread ? [readSingly(asked, notice)] : [], result: {} }
  },
})

/**
 * All are read up to `upTo`, the newest on the page. Where something before it still waits for its morning, all are only up to
 * there, and those after it singly: nothing is read before it was told.
 */
export const readAllNotices = command({
  name: 'readAllNotices',
  input: z.object({ upTo: place }),
  decide(asked, { upTo }) {
    const { cache, actor, stamp } = asked
    const { member } = actor
    const before = upToOf(cache, stamp.keyring, member)
    const reading = readerIn(asked)
    const isRead = readBy(reading)
    const { notices, firstUntold } = toldSince(reading, before)
    const unread = notices.filter((one) => one.id <= upTo && !isRead(one))
    if (unread.length === 0) return { drafts: [], result: {} }
    const newest = Math.max(...unread.map(({ id }) => id))
    const all = Math.min(newest, (firstUntold ?? Number.POSITIVE_INFINITY) - 1)
    const singly = unread.filter(({ id }) => id > all)
    return {
      drafts: [
        ...(all > before
          ? [allNoticesRead.of({ by: member, place: stamp.seal(readPlace(member), String(all)) })]
          : []),
        ...singly.map(({ id }) => readSingly(asked, id)),
      ],
      result: {},
    }
  },
})

const isOn = optional(z.literal('yes', 'Choose what you want to hear of.'))

/** What they want to hear of: each kind that is not among it is switched off. */
export const switchNotices = command({
  name: 'switchNotices',
  input: z.object({
    ...{ prayed: isOn, encouraged: isOn, news: isOn, invites: isOn, decisions: isOn, lapses: isOn },
  }),
  decide({ cache, actor }, wanted) {
    const quiet = hushedKinds(cache, actor.member)
    const changed = noticeKinds.filter((kind) => (wanted[kind] === 'yes') === quiet.has(kind))
    return {
      drafts: changed.map((about) =>
        noticesSwitched.of({ by: actor.member, about, on: wanted[about] === 'yes' }),
      ),
      result: {},
    }
  },
})

const readSingly = ({ actor: { member }, stamp: { keyring } }: Deciding<Member>, id: number) =>
  noticeRead.of({ by: member, notice: noticeToken(keyring, member, id) })

const readerIn = ({ cache, actor, stamp }: Deciding<Member>): Reader => ({
  ...{ cache, keyring: stamp.keyring },
  ...{ reader: actor, now: stamp.time },
})
