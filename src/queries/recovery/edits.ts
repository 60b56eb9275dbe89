import type { EditedRecord, OutsideEdit } from '../operations.ts'
import type { DifferenceLine, RecoveryEdit } from './pages.ts'

/** What somebody changed in one month, ready to be read. */
export function recoveryEdit({ differences, copy, ...edit }: OutsideEdit): RecoveryEdit {
  return {
    ...edit,
    month: monthOf(edit.file),
    mayRestore: copy !== null,
    differences: differences.map(({ record, line, lines }) => ({ record, line, lines: lines.map(lineOf) })),
  }
}

/** `2026-11` of `2026/2026-11.txt`: what stands for the file in an address. */
export const monthOf = (file: string) => file.slice(5, 12)

const signs: Readonly<Record<string, DifferenceLine['is']>> = { '-': 'gone', '+': 'new' }

const lineOf = (line: EditedRecord['lines'][number]): DifferenceLine => ({
  is: signs[line[0] ?? ''] ?? 'same',
  text: line.slice(1),
})
