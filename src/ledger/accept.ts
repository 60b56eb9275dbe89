import type { Acceptance } from '../archive/accept.ts'
import type { ArchiveAsItStands } from '../archive/edits.ts'
import { limits, type Place } from '../archive/grammar.ts'
import { type Group, printGroup } from '../archive/print.ts'
import { readMonth } from '../archive/read.ts'
import { openWriter } from '../archive/write.ts'
import type { Cursor } from '../cache/cursor.ts'
import { wordingOf } from '../kernel/event.ts'
import { millisecondsOf } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { stampOf } from '../kernel/stamp.ts'
import type { StartOptions } from './options.ts'

type Options = Pick<StartOptions, 'disk' | 'archive' | 'source' | 'catalogue'>

/**
 * Records that these edits may stay, behind everything that was promised. The one write besides the ledger's own: before
 * it the text does not verify, so that nothing could be rehearsed. From then on a start makes everything else of it.
 * Throws a Refusal when the end of the text is not as it was left.
 */
export async function recordAcceptances(
  { disk, archive, source, catalogue }: Options,
  { months }: ArchiveAsItStands,
  {
    by,
    edits,
    promised,
  }: {
    readonly by: string
    readonly edits: readonly Acceptance[]
    readonly promised: Cursor | undefined
  },
): Promise<void> {
  const last = months.at(-1)
  if (!last || last.fault)
    throw new Refusal(
      'read-only',
      `Nothing can be written behind ${last?.segment.name}: its end is not whole.`,
    )
  if (promised && !holds({ disk, archive }, months, promised))
    throw new Refusal(
      'read-only',
      `Record ${promised.sequence} was acknowledged, and the text does not hold it: restore it first.`,
    )
  const time = Math.max(source.now(), millisecondsOf(last.end.time))
  const writer = openWriter(disk, archive, last.end)
  try {
    const groups: Group[] = []
    let place: Place = last.end
    for (let from = 0; from < edits.length; from += limits.group) {
      const stamp = stampOf(source, time)
      const drafts = edits.slice(from, from + limits.group).map((edit) => catalogue.recordAccepted(by, edit))
      const group = printGroup(
        drafts.map((draft) => wordingOf(draft, stamp.salt)),
        place,
        stamp.time,
      )
      groups.push(group)
      place = group.after
    }
    await writer.append(groups)
  } finally {
    writer.close()
  }
}

/** Whether the record that a cursor names is there, in a text some of which does not fit. */
function holds(
  { disk, archive }: Pick<Options, 'disk' | 'archive'>,
  months: ArchiveAsItStands['months'],
  { sequence, hash }: Cursor,
): boolean {
  const month = months.find(({ from, end }) => from.sequence < sequence && sequence <= end.sequence)
  if (!month) return false
  const { segment, from } = month
  for (const { end } of readMonth(disk, archive, { month: segment.month, onEdit: () => {} }, from))
    if (end.sequence === sequence) return end.hash === hash
  return false
}
