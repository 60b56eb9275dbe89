import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import { defineEvent } from '../kernel/event.ts'
import { flag, integer as integerField, oneOf, sealed } from '../kernel/fields.ts'

/*
 * What somebody was told is in other records already; here stands only what they did with it. Whoever is told that somebody
 * prayed for a request without a name has asked it: so none of it says in clear which records a notice is of.
 */

/** What there are notices of: each can be switched off. */
export const noticeKinds = ['prayed', 'encouraged', 'news', 'invites', 'decisions', 'lapses'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** Up to which record somebody has read all their notices. */
export const noticesRead = sqliteTable('notices_read', {
  member: text().primaryKey(),
  /** As records of before say it; else 0. */
  upTo: integer().notNull(),
  /** Bound to `notices.read`, `place` and the member. */
  place: text(),
})

/** Single ones that were read before the rest. */
export const noticeReadings = sqliteTable('notice_readings', {
  /** Member and notice. */
  id: text().primaryKey(),
  member: text().notNull(),
  /** The record that a notice is of, of a bundle the newest: by its token, or by its number where a record of before says so. */
  notice: text().notNull(),
})

/** What somebody does not want to hear of, or did not for a time. */
export const hushed = sqliteTable('hushed', {
  /** Member and kind. */
  id: text().primaryKey(),
  member: text().notNull(),
  kind: text({ enum: noticeKinds }).notNull(),
  /** The record that switched it on again: what came before that is not new any more. Null while it is off. */
  endedIn: integer(),
})

export const allNoticesRead = defineEvent({
  name: 'notices.read',
  version: 2,
  values: { upTo: integerField().optional() },
  blocks: { place: sealed().optional() },
  lift: { 1: (wording) => wording },
  tables: [noticesRead],
  project: (cache, { by, upTo = 0, place = null }) => cache.put(noticesRead, { member: by, upTo, place }),
})

/** 16 bytes that only the key of this site makes of a notice and its reader; before, the number of the record. */
const token = z.string().regex(/^([0-9a-f]{32}|0|[1-9]\d{0,15})$/)

export const noticeRead = defineEvent({
  name: 'notice.read',
  version: 2,
  values: { notice: token },
  lift: { 1: (wording) => wording },
  tables: [noticeReadings],
  project: (cache, { by, notice }) =>
    cache.put(noticeReadings, { id: `${by}.${notice}`, member: by, notice }),
})

export const noticesSwitched = defineEvent({
  name: 'notices.switched',
  version: 1,
  values: { about: oneOf(noticeKinds), on: flag() },
  tables: [hushed],
  project: (cache, { by, about, on, sequence }) => {
    const id = `${by}.${about}`
    if (on) cache.patch(hushed, id, { endedIn: sequence })
    else cache.put(hushed, { id, member: by, kind: about, endedIn: null })
  },
})
