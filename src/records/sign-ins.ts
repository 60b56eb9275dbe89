import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { flag, hex, id, moment, prose } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

export const signInStates = ['asked', 'approved', 'refused', 'used'] as const

/** Somebody at a browser says who they are, and waits until somebody who is in here lets them in. */
export const signIns = sqliteTable(
  'sign_ins',
  {
    id: text().primaryKey(),
    /** Who they say they are. */
    member: text().notNull(),
    /** SHA-256 of what that browser holds: nobody else gets in by this. */
    browser: text().notNull(),
    askedAt: text().notNull(),
    until: text().notNull(),
    /** What kind of device it seems to be. */
    device: text(),
    state: text({ enum: signInStates }).notNull(),
    decidedAt: text(),
    decidedBy: text(),
    /** When whoever let themselves in had proved who they are. Null when others did, or where it was not written down. */
    provedAt: text(),
  },
  (table) => [
    index('sign_ins_member').on(table.member, table.askedAt),
    index('sign_ins_browser').on(table.browser),
  ],
)

/** Who has vouched for a sign-in so far. */
export const vouchings = sqliteTable(
  'vouchings',
  {
    /** Sign-in and member: nobody vouches twice. */
    id: text().primaryKey(),
    signIn: text().notNull(),
    member: text().notNull(),
    at: text().notNull(),
  },
  (table) => [index('vouchings_sign_in').on(table.signIn)],
)

const signIn = id('signIn')

export const signInAsked = defineEvent({
  name: 'sign-in.asked',
  version: 1,
  values: { signIn, member: id('member'), browser: hex(32), until: moment() },
  blocks: { device: prose().optional() },
  tables: [signIns, audit],
  project: (cache, event) => {
    cache.put(signIns, {
      id: event.signIn,
      member: event.member,
      browser: event.browser,
      askedAt: event.at,
      until: event.until,
      device: event.device ?? null,
      state: 'asked',
      decidedAt: null,
      decidedBy: null,
      provedAt: null,
    })
    audited(cache, event, event.member)
  },
})

/** One person vouches; `enough` says that with it the sign-in is approved. */
export const signInApproved = defineEvent({
  name: 'sign-in.approved',
  version: 2,
  values: {
    signIn,
    member: id('member'),
    enough: flag(),
    /** Of one's own device: when it had proved whose it is. */
    proved: moment().optional(),
  },
  lift: { 1: (wording) => wording },
  tables: [signIns, vouchings, audit],
  project: (cache, event) => {
    const id = `${event.signIn}.${event.by}`
    cache.put(vouchings, { id, signIn: event.signIn, member: event.by, at: event.at })
    if (event.enough)
      cache.patch(signIns, event.signIn, {
        ...{ state: 'approved', decidedAt: event.at, decidedBy: event.by },
        provedAt: event.proved ?? null,
      })
    audited(cache, event, event.member)
  },
})

/** "This was not me", or no longer. */
export const signInRefused = defineEvent({
  name: 'sign-in.refused',
  version: 1,
  critical: true,
  values: { signIn, member: id('member') },
  tables: [signIns, audit],
  project: (cache, event) => {
    cache.patch(signIns, event.signIn, { state: 'refused', decidedAt: event.at, decidedBy: event.by })
    audited(cache, event, event.member)
  },
})

/** It has opened a session, and opens no other. */
export const signInUsed = defineEvent({
  name: 'sign-in.used',
  version: 1,
  critical: true,
  values: { signIn },
  tables: [signIns],
  project: (cache, event) => {
    cache.patch(signIns, event.signIn, { state: 'used' })
  },
})
