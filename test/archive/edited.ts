import assert from 'node:assert/strict'
import type { Acceptance } from '../../src/archive/accept.ts'
import { beforeSegment } from '../../src/archive/find.ts'
import { printGroup } from '../../src/archive/print.ts'
import { readMonth } from '../../src/archive/read.ts'
import { archiveDisk, type Files, folder } from '../tools/archive.ts'

/** The archive with other words in one file, as an editor leaves it. */
export function edited(files: Files, name: string, was: string, is: string): Files {
  const text = Buffer.from(files[name] ?? '').toString()
  assert.equal(text.split(was).length, 2, `"${was}" stands once in ${name}`)
  return { ...files, [name]: text.replace(was, is) }
}

/** The archive as it stands, with records behind its end that accept these edits. */
export function accepting(files: Files, ...edits: readonly Acceptance[]): Files {
  const name = Object.keys(files)
    .filter((one) => one.endsWith('.txt'))
    .sort()
    .at(-1)
  assert.ok(name)
  const month = name.slice(5, 12)
  const { end } = asItStands(files, month)
  const group = printGroup(edits.map(accepted), end, end.time)
  const bytes = Buffer.concat([Buffer.from(files[name] ?? ''), Buffer.from(group.text)])
  return { ...files, [name]: bytes }
}

export const accepted = ({ record, hash }: Acceptance) => ({
  kind: 'record.accepted',
  version: 1,
  critical: true,
  values: Object.entries({ by: 'operator', record: String(record), hash }),
  blocks: [],
})

/** The records of one month that do not fit, and where it ends. */
export function asItStands(files: Files, month: string) {
  const disk = archiveDisk(files)
  const before = beforeSegment(disk, folder, {
    month,
    name: `${month.slice(0, 4)}/${month}.txt`,
    isSealed: false,
    isFile: true,
  })
  assert.ok(before)
  const edits: Acceptance[] = []
  const reading = readMonth(disk, folder, { month, onEdit: (edit) => edits.push(edit) }, before)
  for (;;) {
    const step = reading.next()
    if (!step.done) continue
    return { edits, end: step.value.safe, fault: step.value.fault }
  }
}
