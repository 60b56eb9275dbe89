import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Projection } from '../kernel/event.ts'

/** Who came in, who was given which right, and what was done in somebody's name for all: one row a record. */
export const audit = sqliteTable(
  'audit',
  {
    sequence: integer().primaryKey(),
    at: text().notNull(),
    /** The kind of the record. */
    act: text().notNull(),
    by: text().notNull(),
    /** Whom it was about. */
    member: text(),
    /** A role, a setting, a way in: one word of the kind's own. */
    detail: text(),
  },
  (table) => [
    index('audit_member').on(table.member, table.sequence),
    index('audit_act').on(table.act, table.sequence),
    index('audit_by').on(table.by, table.sequence),
  ],
)

interface Acted {
  readonly sequence: number
  readonly kind: string
  readonly at: string
  readonly by: string
}

/** Every projector of a kind that belongs in the audit log calls this, and names `audit` among its tables. */
export const audited = (
  cache: Projection,
  event: Acted,
  member: string | null,
  detail: string | null = null,
) =>
  cache.put(audit, {
    sequence: event.sequence,
    at: event.at,
    act: event.kind,
    by: event.by,
    member,
    detail,
  })
