import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { day, flag, id, moment, oneOf, prose, sealed } from '../kernel/fields.ts'
import { keys, rememberKey } from './keys.ts'
import { prayerCounts } from './marks.ts'

/** Who may see a request: everyone here, its author and the prayer team, or its author alone. */
export const audiences = ['everyone', 'team', 'me'] as const
export type Audience = (typeof audiences)[number]

/** What a request is about, by its author's choice. */
export const topics = [
  'health',
  'family',
  'work',
  'grief',
  'guidance',
  'provision',
  'protection',
  'thanks',
  'world',
  'other',
] as const
export type Topic = (typeof topics)[number]

/** How a request stands: asked for, out of the way, answered, over for another reason, or taken back. */
export const prayerStates = ['open', 'resting', 'answered', 'closed', 'withdrawn'] as const
export type PrayerState = (typeof prayerStates)[number]

/** What became of a closed request: still waiting, not as they hoped, no longer needed, or somebody has died. */
export const outcomes = ['waiting', 'otherwise', 'unneeded', 'died'] as const
export type Outcome = (typeof outcomes)[number]

export const prayers = sqliteTable(
  'prayers',
  {
    id: text().primaryKey(),
    /** The place of its record in the archive: newest first is by this. */
    sequence: integer().notNull(),
    /** Null when it was asked without a name: then `sealedAuthor` says who. */
    author: text(),
    /** Bound to `prayer.posted`, `author` and the request. */
    sealedAuthor: text(),
    postedAt: text().notNull(),
    sees: text({ enum: audiences }).notNull(),
    /** As it was asked. Sealed when fewer than everyone may see it, bound to `prayer.posted`, the field and the request. */
    forWhom: text(),
    /** The same. Null when the words were erased. */
    request: text(),
    topic: text({ enum: topics }).notNull(),
    /** The day it matters. */
    day: text(),
    /** When it is put to rest by itself. */
    lapsesAt: text(),
    state: text({ enum: prayerStates }).notNull(),
    /** The record that made it so: newest first is by this in a list of what is answered. */
    stateIn: integer().notNull(),
    stateAt: text().notNull(),
    outcome: text({ enum: outcomes }),
    /** The testimony, or a word at the end: sealed as the request is, bound to the kind of its record. */
    ending: text(),
    /** The latest change of the words; null while they are as they were asked. */
    changedIn: integer(),
    changedAt: text(),
    /** What the words are since then, sealed as above, bound to `prayer.changed`. */
    changedForWhom: text(),
    changedRequest: text(),
    /** The newest update, bound to `prayer.updated`. */
    updatedIn: integer(),
    updatedAt: text(),
    update: text(),
  },
  (table) => [
    uniqueIndex('prayers_sequence').on(table.sequence),
    index('prayers_author').on(table.author, table.sequence),
    index('prayers_state').on(table.state, table.stateIn),
    index('prayers_open').on(table.state, table.sequence),
    index('prayers_topic').on(table.state, table.topic, table.sequence),
    index('prayers_day').on(table.state, table.day, table.sequence),
    // What is sealed is looked through one by one: there is little of it.
    index('prayers_sealed').on(table.sequence).where(sql`sees <> 'everyone'`),
  ],
)

export const prayerPosted = defineEvent({
  name: 'prayer.posted',
  version: 3,
  // Without a name it is written by "someone".
  values: {
    prayer: id('prayer'),
    sees: oneOf(audiences),
    topic: oneOf(topics).optional(),
    day: day().optional(),
    lapsesAt: moment().optional(),
    /** Whoever it is for knows of it and agrees. */
    consent: flag().optional(),
  },
  blocks: { forWhom: prose().optional(), request: prose(), author: sealed().optional() },
  lift: { 1: (wording) => wording, 2: (wording) => wording },
  tables: [prayers, prayerCounts, keys],
  project: (cache, event) => {
    cache.put(prayers, {
      id: event.prayer,
      sequence: event.sequence,
      author: event.by === 'someone' ? null : event.by,
      sealedAuthor: event.author ?? null,
      postedAt: event.at,
      sees: event.sees,
      forWhom: event.forWhom ?? null,
      request: event.request ?? null,
      topic: event.topic ?? 'other',
      day: event.day ?? null,
      lapsesAt: event.lapsesAt ?? null,
      state: 'open',
      stateIn: event.sequence,
      stateAt: event.at,
      outcome: null,
      ending: null,
      changedIn: null,
      changedAt: null,
      changedForWhom: null,
      changedRequest: null,
      updatedIn: null,
      updatedAt: null,
      update: null,
    })
    const waits = event.sees === 'me' ? 0 : 1
    cache.tally(prayerCounts, event.prayer, {}, { sequence: event.sequence, waits })
    rememberKey(cache, event, event.prayer)
  },
})
