import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { z } from 'zod'
import { defineEvent, type Event, type Projection } from '../kernel/event.ts'
import { flag, id, prose, sealed } from '../kernel/fields.ts'
import { nameKey } from '../kernel/names.ts'
import { audit, audited } from './audit.ts'
import { names, rememberName } from './names.ts'

/** Whether somebody belongs here: `waiting` for an admin's yes, `here`, or no more. */
export const standings = ['waiting', 'here', 'declined', 'deactivated'] as const
export type Standing = (typeof standings)[number]

export const members = sqliteTable(
  'members',
  {
    id: text().primaryKey(),
    /** Null when the name was erased. */
    name: text(),
    /** What two names are compared by; that nobody has another's is decided by commands, never by an index. */
    nameKey: text(),
    joinedAt: text().notNull(),
    sequence: integer().notNull(),
    invite: text(),
    invitedBy: text(),
    standing: text({ enum: standings }).notNull(),
    /** A few words about themselves. */
    about: text(),
    /** Whoever asked for prayer sees that somebody prayed, and not that it was they. */
    praysUnseen: integer({ mode: 'boolean' }).notNull(),
    /** Since when they may not invite. */
    invitingPausedAt: text(),
    /** When they put the welcome away. */
    welcomedAt: text(),
    /** When they were last given or lost a right: sessions get a new token after it. */
    rightsChangedAt: text(),
  },
  (table) => [
    index('members_name_key').on(table.nameKey),
    index('members_invite').on(table.invite),
    index('members_invited_by').on(table.invitedBy),
    index('members_standing').on(table.standing, table.nameKey),
  ],
)

export const memberJoined = defineEvent({
  name: 'member.joined',
  version: 2,
  values: {
    member: id('member'),
    invite: id('invite').optional(),
    invitedBy: id('member').optional(),
    /** An admin has to say yes first. */
    waits: flag().optional(),
  },
  blocks: { name: prose() },
  lift: { 1: (wording) => wording },
  tables: [members, names],
  project: (cache, event) => {
    cache.put(members, {
      id: event.member,
      name: event.name ?? null,
      nameKey: event.name === undefined ? null : nameKey(event.name),
      joinedAt: event.at,
      sequence: event.sequence,
      invite: event.invite ?? null,
      invitedBy: event.invitedBy ?? null,
      standing: event.waits ? 'waiting' : 'here',
      about: null,
      praysUnseen: false,
      invitingPausedAt: null,
      welcomedAt: null,
      rightsChangedAt: null,
    })
    rememberName(cache, event)
  },
})

/** A new name; the one before stays theirs for a while. */
export const memberRenamed = defineEvent({
  name: 'member.renamed',
  version: 1,
  values: { member: id('member') },
  blocks: { name: prose() },
  tables: [members, names, audit],
  project: (cache, event) => {
    cache.patch(members, event.member, {
      name: event.name ?? null,
      nameKey: event.name === undefined ? null : nameKey(event.name),
    })
    rememberName(cache, event)
    audited(cache, event, event.member)
  },
})

/** From now on they stand here so. */
const becoming = (standing: Standing) => ({
  version: 1,
  values: { member: id('member') },
  tables: [members, audit],
  project(cache: Projection, event: Event<{ member: z.ZodString }>) {
    cache.patch(members, event.member, { standing })
    audited(cache, event, event.member)
  },
})

/** An admin said yes to a newcomer, who has rights from now on. */
export const memberAdmitted = defineEvent({
  name: 'member.admitted',
  version: 1,
  values: { member: id('member') },
  tables: [members, audit],
  project: (cache, event) => {
    cache.patch(members, event.member, { standing: 'here', rightsChangedAt: event.at })
    audited(cache, event, event.member)
  },
})

/** What newcomers read to whom an admin said no. */
export const declines = sqliteTable('declines', {
  member: text().primaryKey(),
  at: text().notNull(),
  by: text().notNull(),
  /** Sealed, bound to `member.declined`, `reason` and the member. Null when there is none, or when it was erased. */
  reason: text(),
})

export const memberDeclined = defineEvent({
  name: 'member.declined',
  version: 2,
  critical: true,
  values: { member: id('member') },
  blocks: { reason: sealed().optional() },
  lift: { 1: (wording) => wording },
  tables: [members, declines, audit],
  project: (cache, event) => {
    const { member, at, by, reason } = event
    cache.patch(members, member, { standing: 'declined' })
    cache.put(declines, { member, at, by, reason: reason ?? null })
    audited(cache, event, member)
  },
})

/** Out, with all they hold shut; what they asked stays. */
export const memberDeactivated = defineEvent({
  name: 'member.deactivated',
  critical: true,
  ...becoming('deactivated'),
})

export const memberReactivated = defineEvent({ name: 'member.reactivated', ...becoming('here') })

/** What a member says of themselves; nothing takes it away. */
export const profileChanged = defineEvent({
  name: 'profile.changed',
  version: 1,
  values: {},
  blocks: { about: prose().optional() },
  tables: [members],
  project: (cache, event) => {
    cache.patch(members, event.by, { about: event.about ?? null })
  },
})

export const visibilityChanged = defineEvent({
  name: 'visibility.changed',
  version: 1,
  critical: true,
  values: { praysUnseen: flag() },
  tables: [members],
  project: (cache, event) => {
    cache.patch(members, event.by, { praysUnseen: event.praysUnseen })
  },
})

export const welcomeDismissed = defineEvent({
  name: 'welcome.dismissed',
  version: 1,
  values: {},
  tables: [members],
  project: (cache, event) => {
    cache.patch(members, event.by, { welcomedAt: event.at })
  },
})

export const invitingPaused = defineEvent({
  name: 'inviting.paused',
  version: 1,
  critical: true,
  values: { member: id('member') },
  tables: [members, audit],
  project: (cache, event) => {
    cache.patch(members, event.member, { invitingPausedAt: event.at })
    audited(cache, event, event.member)
  },
})

export const invitingResumed = defineEvent({
  name: 'inviting.resumed',
  version: 1,
  values: { member: id('member') },
  tables: [members, audit],
  project: (cache, event) => {
    cache.patch(members, event.member, { invitingPausedAt: null })
    audited(cache, event, event.member)
  },
})
