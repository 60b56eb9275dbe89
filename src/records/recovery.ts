import { integer as integerColumn, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent, type Projection } from '../kernel/event.ts'
import { fileName, flag, hex, integer, oneOf } from '../kernel/fields.ts'

export const recoveryActs = [
  'verified',
  'rebuilt',
  'backed-up',
  'restored',
  'upgraded',
  'quarantined',
  'segment-restored',
  'accepted',
  'sheet-confirmed',
] as const
export type RecoveryAct = (typeof recoveryActs)[number]

/** What was done to keep archive and cache well, how that went and what it cost: one row a record. */
export const recoveryHistory = sqliteTable('recovery_history', {
  sequence: integerColumn().primaryKey(),
  act: text({ enum: recoveryActs }).notNull(),
  by: text().notNull(),
  /** When it was done. */
  at: text().notNull(),
  isWell: integerColumn({ mode: 'boolean' }).notNull(),
  /** How many records it was about, where that has a sense. */
  records: integerColumn(),
  milliseconds: integerColumn(),
  /** A file, a schema hash, a reason: one word of the kind's own. */
  detail: text(),
})

type Row = typeof recoveryHistory.$inferSelect
type Placed = Pick<Row, 'sequence' | 'by' | 'at'>

const keep = (cache: Projection, { sequence, by, at }: Placed, row: Partial<Row> & Pick<Row, 'act'>) =>
  cache.put(recoveryHistory, {
    isWell: true,
    records: null,
    milliseconds: null,
    detail: null,
    ...row,
    sequence,
    by,
    at,
  })

/** Every byte was read. `deep`: the cache was compared with a fresh rebuild, too. */
export const archiveVerified = defineEvent({
  name: 'archive.verified',
  version: 1,
  values: { records: integer(), problems: integer(), deep: flag().optional(), milliseconds: integer() },
  tables: [recoveryHistory],
  project: (cache, event) => {
    const { records, milliseconds, problems, deep } = event
    const detail = deep ? 'deep' : null
    keep(cache, event, { act: 'verified', isWell: problems === 0, records, milliseconds, detail })
  },
})

/** Why a cache was made anew. */
export const rebuildReasons = ['asked', 'schema', 'unusable', 'erasure', 'key', 'missing'] as const

export const cacheRebuilt = defineEvent({
  name: 'cache.rebuilt',
  version: 1,
  values: { why: oneOf(rebuildReasons), schema: hex(8), records: integer(), milliseconds: integer() },
  tables: [recoveryHistory],
  project: (cache, event) => {
    const { records, milliseconds, why } = event
    keep(cache, event, { act: 'rebuilt', records, milliseconds, detail: why })
  },
})

/** A copy of the archive that verified. `head` is the closing hash of its last record. */
export const backupMade = defineEvent({
  name: 'backup.made',
  version: 1,
  values: { records: integer(), head: hex(32), bytes: integer(), milliseconds: integer() },
  tables: [recoveryHistory],
  project: (cache, event) => {
    const { records, milliseconds, head } = event
    keep(cache, event, { act: 'backed-up', records, milliseconds, detail: head })
  },
})

/** The archive was put back from a backup that ended with this record. */
export const archiveRestored = defineEvent({
  name: 'archive.restored',
  version: 1,
  values: { records: integer(), head: hex(32), milliseconds: integer() },
  tables: [recoveryHistory],
  project: (cache, event) => {
    const { records, milliseconds, head } = event
    keep(cache, event, { act: 'restored', records, milliseconds, detail: head })
  },
})

/** New code has a cache of its own, proven and ready: it serves from it already, or from the next start on. */
export const upgradeFinished = defineEvent({
  name: 'upgrade.finished',
  version: 1,
  values: { schema: hex(8), records: integer(), milliseconds: integer() },
  tables: [recoveryHistory],
  project: (cache, event) => {
    const { records, milliseconds, schema } = event
    keep(cache, event, { act: 'upgraded', records, milliseconds, detail: schema })
  },
})

/** Bytes behind the last whole record, of a write that never finished, were moved to a file in `quarantine/`. */
export const tailQuarantined = defineEvent({
  name: 'tail.quarantined',
  version: 1,
  values: { file: fileName(), behind: integer(), bytes: integer() },
  tables: [recoveryHistory],
  project: (cache, event) => {
    keep(cache, event, { act: 'quarantined', isWell: false, detail: event.file })
  },
})

/** A month that somebody had edited was put back as its newest whole backup has it. */
export const segmentRestored = defineEvent({
  name: 'segment.restored',
  version: 1,
  values: { file: fileName(), sha256: hex(32) },
  tables: [recoveryHistory],
  project: (cache, event) => {
    keep(cache, event, { act: 'segment-restored', detail: event.file })
  },
})

/** Records that stand as somebody edited them: what their text comes to, and the last record that accepted it. */
export const acceptedRecords = sqliteTable('accepted_records', {
  record: integerColumn().primaryKey(),
  hash: text().notNull(),
  sequence: integerColumn().notNull(),
})

/**
 * A record whose text somebody edited is accepted as it stands: `hash` is what its bytes come to now, while the chain goes
 * on from the closing hash that is printed below it.
 */
export const recordAccepted = defineEvent({
  name: 'record.accepted',
  version: 1,
  critical: true,
  values: { record: integer(), hash: hex(32) },
  tables: [acceptedRecords, recoveryHistory],
  project: (cache, event) => {
    const { record, hash, sequence } = event
    cache.put(acceptedRecords, { record, hash, sequence })
    keep(cache, event, { act: 'accepted', isWell: false, detail: String(event.record) })
  },
})

/** Somebody has the recovery sheet of these keys on paper: `keys` is the digest of all of them. */
export const sheetConfirmed = defineEvent({
  name: 'sheet.confirmed',
  version: 1,
  values: { keys: hex(32) },
  tables: [recoveryHistory],
  project: (cache, event) => {
    keep(cache, event, { act: 'sheet-confirmed', detail: event.keys })
  },
})
