import { and, desc, eq, gte, inArray, lt, lte, or } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reading } from '../../cache/reading.ts'
import { endOfDay, startOfDay } from '../../kernel/zones.ts'
import { audit } from '../../records/audit.ts'
import { members } from '../../records/members.ts'
import { calledBy } from '../actors.ts'
import { memberByName } from '../members.ts'
import type { AuditEntry, AuditFilter, AuditPage } from '../pages/admin.ts'
import { settingsOf } from '../settings.ts'

const pageSize = 50

/** What each kind of record that is audited says, in the order in which a form offers their groups. */
const acts: Readonly<Record<string, { readonly group: Group; readonly words: string }>> = {
  'session.opened': { group: 'signing-in', words: 'Came in' },
  'login-link.issued': { group: 'signing-in', words: 'Made a link to come in' },
  'login-link.revoked': { group: 'signing-in', words: 'Took back a link to come in' },
  'sign-in.asked': { group: 'signing-in', words: 'Asked to be let in' },
  'sign-in.approved': { group: 'signing-in', words: 'Vouched for somebody coming in' },
  'sign-in.refused': { group: 'signing-in', words: 'Ended an attempt to come in' },
  'passkey.added': { group: 'signing-in', words: 'Added a passkey' },
  'passkey.removed': { group: 'signing-in', words: 'Removed a passkey' },
  'paper-key.made': { group: 'signing-in', words: 'Made a paper key' },
  'address.added': { group: 'signing-in', words: 'Gave a mail address' },
  'address.removed': { group: 'signing-in', words: 'Removed a mail address' },
  'sessions.closed': { group: 'signing-in', words: 'Signed somebody out everywhere' },
  'role.granted': { group: 'roles', words: 'Gave a role' },
  'role.revoked': { group: 'roles', words: 'Took a role back' },
  'member.admitted': { group: 'people', words: 'Said yes to a newcomer' },
  'member.declined': { group: 'people', words: 'Said no to a newcomer' },
  'member.renamed': { group: 'people', words: 'Changed a name' },
  'member.deactivated': { group: 'people', words: 'Deactivated somebody' },
  'member.reactivated': { group: 'people', words: 'Reactivated somebody' },
  'inviting.paused': { group: 'people', words: 'Paused the inviting of somebody' },
  'inviting.resumed': { group: 'people', words: 'Let somebody invite again' },
  'label.given': { group: 'people', words: 'Gave a label' },
  'label.taken': { group: 'people', words: 'Took a label away' },
  'author.shown': { group: 'people', words: 'Looked up who asked without a name' },
  'focus.placed': { group: 'people', words: 'Put a request into the focus' },
  'focus.ended': { group: 'people', words: 'Took a request out of the focus' },
  'prayer.renewed': { group: 'people', words: 'Let a request stay for longer' },
  'flag.settled': { group: 'people', words: 'Looked at what somebody reported' },
  'invite.issued': { group: 'joining', words: 'Made an invite' },
  'invite.revoked': { group: 'joining', words: 'Took back an invite' },
  'application.approved': { group: 'joining', words: 'Said yes to somebody who asked to join' },
  'application.declined': {
    group: 'joining',
    words: 'Said no to somebody who asked to join, or let it lapse',
  },
  'setting.changed': { group: 'settings', words: 'Changed a setting' },
  'export.made': { group: 'exports', words: 'Took a copy away' },
}

const groups = [
  { name: 'signing-in', label: 'Signing in' },
  { name: 'roles', label: 'Roles' },
  { name: 'people', label: 'People' },
  { name: 'joining', label: 'Joining' },
  { name: 'settings', label: 'Settings' },
  { name: 'exports', label: 'Exports' },
] as const
type Group = (typeof groups)[number]['name']

/** Whether the log has words for a kind of record. */
export const isSaid = (kind: string) => kind in acts

/** A page of the log; what the filter says is taken as far as it can be. */
export function auditPage(cache: Reading, filter: AuditFilter, before: number | undefined): AuditPage {
  const member = filter.who === '' ? undefined : memberByName(cache, filter.who)?.id
  const isNobody = filter.who !== '' && member === undefined
  const rows = isNobody ? [] : auditBefore(cache, filter, before, pageSize + 1)
  const entries = rows.slice(0, pageSize)
  const of = `/admin/audit?${new URLSearchParams({ ...filter })}`
  return {
    ...{ filter, isNobody, groups, entries, of },
    isNewest: before === undefined,
    older: rows.length > pageSize ? `${of}&before=${entries.at(-1)?.sequence}` : null,
  }
}

const actor = alias(members, 'actor')
const whom = alias(members, 'whom')

/** At most so many entries of the log, newest first. */
export function auditBefore(
  cache: Reading,
  filter: AuditFilter,
  before: number | undefined,
  most: number,
): AuditEntry[] {
  const member = filter.who === '' ? undefined : memberByName(cache, filter.who)?.id
  if (filter.who !== '' && member === undefined) return []
  const kinds = Object.keys(acts).filter((kind) => acts[kind]?.group === filter.group)
  const { timeZone } = settingsOf(cache)
  const from = isDate(filter.from) ? startOfDay(timeZone, filter.from) : undefined
  const until = isDate(filter.until) ? endOfDay(timeZone, filter.until) : undefined
  const rows = cache.db
    .select({
      sequence: audit.sequence,
      at: audit.at,
      act: audit.act,
      by: audit.by,
      byName: actor.name,
      member: audit.member,
      whomName: whom.name,
      detail: audit.detail,
    })
    .from(audit)
    .leftJoin(actor, eq(actor.id, audit.by))
    .leftJoin(whom, eq(whom.id, audit.member))
    .where(
      and(
        before === undefined ? undefined : lt(audit.sequence, before),
        member === undefined ? undefined : or(eq(audit.by, member), eq(audit.member, member)),
        kinds.length === 0 ? undefined : inArray(audit.act, kinds),
        from === undefined ? undefined : gte(audit.at, from),
        until === undefined ? undefined : lte(audit.at, until),
      ),
    )
    .orderBy(desc(audit.sequence))
    .limit(most)
    .all()
  return rows.map(({ sequence, at, act, by, byName, member, whomName, detail }) => ({
    ...{ sequence, at, detail },
    words: acts[act]?.words ?? act,
    by: calledBy(by, byName),
    whom: member === null || member === by ? null : (whomName ?? 'Someone who left'),
  }))
}

/** A day as forms send it. */
const isDate = (date: string) => /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))
