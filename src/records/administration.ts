import { defineEvent } from '../kernel/event.ts'
import { id, word } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/*
 * What is done for all and changes no row of its own: it is in the audit log, and nowhere else.
 */

/** Somebody signed a person out everywhere, or everyone; each session that ends by it says so itself. */
export const sessionsClosed = defineEvent({
  name: 'sessions.closed',
  version: 1,
  values: { member: id('member').optional() },
  tables: [audit],
  project: (cache, event) => audited(cache, event, event.member ?? null),
})

/** Somebody took a file away with them. */
export const exportMade = defineEvent({
  name: 'export.made',
  version: 1,
  values: { what: word() },
  tables: [audit],
  project: (cache, event) => audited(cache, event, null, event.what),
})
