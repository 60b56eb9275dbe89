import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { flag, integer as integerField, oneOf } from '../kernel/fields.ts'

/*
 * What somebody was told is in other records already; here stands only what they did with it.
 */

/** What there are notices of: each can be switched off. */
export const noticeKinds = ['prayed', 'encouraged', 'news', 'invites', 'decisions', 'lapses'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** Up to which record somebody has read all their notices. */
export const noticesRead = sqliteTable('notices_read', {
  member: text().primaryKey(),
  upTo: integer().notNull(),
})

/** Single ones that were read before the rest. */
export const noticeReadings = sqliteTable('notice_readings', {
  /** Member and notice. */
  id: text().primaryKey(),
  member: text().notNull(),
  /** The record that a notice is of; of a bundle the newest. */
  notice: integer().notNull(),
})

/** What somebody does not want to hear of. */
export const hushed = sqliteTable('hushed', {
  /** Member and kind. */
  id: text().primaryKey(),
  member: text().notNull(),
  kind: text({ enum: noticeKinds }).notNull(),
})

export const allNoticesRead = defineEvent({
  name: 'notices.read',
  version: 1,
  values: { upTo: integerField() },
  tables: [noticesRead],
  project: (cache, { by, upTo }) => cache.put(noticesRead, { member: by, upTo }),
})

export const noticeRead = defineEvent({
  name: 'notice.read',
  version: 1,
  values: { notice: integerField() },
  tables: [noticeReadings],
  project: (cache, { by, notice }) =>
    cache.put(noticeReadings, { id: `${by}.${notice}`, member: by, notice }),
})

export const noticesSwitched = defineEvent({
  name: 'notices.switched',
  version: 1,
  values: { about: oneOf(noticeKinds), on: flag() },
  tables: [hushed],
  project: (cache, { by, about, on }) => {
    const id = `${by}.${about}`
    if (on) cache.drop(hushed, id)
    else cache.put(hushed, { id, member: by, kind: about })
  },
})
