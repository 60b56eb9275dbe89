import type { EditedRecord, OutsideEdit } from '../operations.ts'
import { differenceOf } from './difference.ts'
import type { RecoveryEdit } from './pages.ts'

/** Months that somebody edited, as differences. */
export const recoveryEdits = (edits: readonly OutsideEdit[]): RecoveryEdit[] => edits.map(recoveryEdit)

export function recoveryEdit({ month, file, records, mayRestoreFrom }: OutsideEdit): RecoveryEdit {
  return {
    ...{ month, file, mayRestoreFrom },
    records: records.map((record) => ({
      ...{ sequence: record.sequence, line: record.line, isAcceptable: record.isAcceptable },
      ...{ lines: linesOf(record), isCompared: record.before !== null },
    })),
    mayAccept: records.length > 0 && records.every(({ isAcceptable }) => isAcceptable),
  }
}

function linesOf({ before, after }: EditedRecord) {
  if (before === null) return after.map((text) => ({ is: 'same' as const, text }))
  return differenceOf(before, after)
}
