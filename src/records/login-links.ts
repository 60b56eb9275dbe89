import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { hex, id, moment } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

export const loginLinks = sqliteTable(
  'login_links',
  {
    id: text().primaryKey(),
    member: text().notNull(),
    /** SHA-256 of the token in the link. */
    token: text().notNull(),
    issuedBy: text().notNull(),
    issuedAt: text().notNull(),
    until: text().notNull(),
    usedAt: text(),
    revokedAt: text(),
  },
  (table) => [uniqueIndex('login_links_token').on(table.token), index('login_links_member').on(table.member)],
)

export const loginLinkIssued = defineEvent({
  name: 'login-link.issued',
  version: 1,
  values: { link: id('loginLink'), member: id('member'), token: hex(32), until: moment() },
  tables: [loginLinks, audit],
  project: (cache, event) => {
    cache.put(loginLinks, {
      id: event.link,
      member: event.member,
      token: event.token,
      issuedBy: event.by,
      issuedAt: event.at,
      until: event.until,
      usedAt: null,
      revokedAt: null,
    })
    audited(cache, event, event.member)
  },
})

export const loginLinkUsed = defineEvent({
  name: 'login-link.used',
  version: 1,
  critical: true,
  values: { link: id('loginLink') },
  tables: [loginLinks],
  project: (cache, event) => {
    cache.patch(loginLinks, event.link, { usedAt: event.at })
  },
})

export const loginLinkRevoked = defineEvent({
  name: 'login-link.revoked',
  version: 1,
  critical: true,
  values: { link: id('loginLink') },
  tables: [loginLinks, audit],
  project: (cache, event) => {
    cache.patch(loginLinks, event.link, { revokedAt: event.at })
    audited(cache, event, null)
  },
})
