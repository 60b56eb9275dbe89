import { isMoment } from '../kernel/moment.ts'
import type { ArchiveRecord, Block, Wording } from '../kernel/wording.ts'
import {
  blockPattern,
  closing,
  forbiddenInText,
  headerPattern,
  limits,
  type Place,
  sha256,
} from './grammar.ts'

/** The records of one command as they will stand on disk, all or nothing. */
export interface Group {
  readonly month: string
  readonly before: Place
  readonly after: Place
  readonly records: readonly ArchiveRecord[]
  readonly text: string
}

/** Prints the records of one command behind `before`. Throws a RangeError for what the format cannot hold: the code asked for it. */
export function printGroup(wordings: readonly Wording[], before: Place, time: string): Group {
  if (wordings.length === 0 || wordings.length > limits.group)
    throw new RangeError(`a group has 1 to ${limits.group} records, not ${wordings.length}`)
  // The time of a place is one already, and most commands of a batch share it.
  if (time !== before.time && (!isMoment(time) || time < before.time))
    throw new RangeError(`the time ${time} is before the last record`)
  let text = ''
  let place = before
  const records = wordings.map((wording, index): ArchiveRecord => {
    const more = wordings.length - 1 - index
    const printed = printRecord(wording, place, time, more)
    text += printed.text
    place = printed.after
    return { ...wording, sequence: place.sequence, more, time, hash: place.hash }
  })
  return { month: time.slice(0, 7), before, after: place, records, text }
}

/** One record: its text on disk, and where the next one stands. */
export function printRecord(wording: Wording, before: Place, time: string, more: number) {
  const header = printHeader(wording, before.sequence + 1, time, more)
  const blocks = wording.blocks.map(printBlock)
  const bare = header + wording.blocks.map((block, index) => bareForm(block, blocks[index] ?? '')).join('')
  const hash = sha256(closing(before.hash) + bare)
  const text = `${header}${blocks.join('')}${closing(hash)}`
  if (isAnyTwice(wording.blocks.map((block) => block.field)))
    throw new RangeError('each field stands at most once in a record')
  if (wording.blocks.length > limits.blocks) throw new RangeError('a record has at most 16 blocks')
  if (Buffer.byteLength(text) > limits.record) throw new RangeError('a record has at most 256 KiB')
  return { text, after: { sequence: before.sequence + 1, hash, time } satisfies Place }
}

/** What stands for a block's words in the chain, and in their place once they are erased. */
export const digestOf = (block: Block) => ('text' in block ? sha256(printBlock(block)) : block.erased)

function printHeader(wording: Wording, sequence: number, time: string, more: number) {
  let header = `@${sequence}${more > 0 ? `+${more}` : ''} ${time} ${wording.kind}/${wording.version}`
  if (wording.critical) header += '!'
  for (const [key, value] of wording.values) header += ` ${key}=${value}`
  const names = wording.values.map(([key]) => key)
  if (isAnyTwice(names)) throw new RangeError('each key stands at most once in a record')
  if (header.length > limits.header || !headerPattern.test(header))
    throw new RangeError(`no header of format 1: ${wording.kind}/${wording.version} with ${names.join(', ')}`)
  return `${header}\n`
}

function printBlock(block: Block): string {
  const head = 'text' in block ? `~${block.field} ${block.salt}` : `~${block.field} erased ${block.erased}`
  if (!blockPattern.test(head)) throw new RangeError(`no block of format 1: ${block.field}`)
  if (!('text' in block)) return `${head}\n`
  if (Buffer.byteLength(block.text) > limits.text) throw new RangeError(`${block.field} has more than 64 KiB`)
  const lines = block.text.split('\n')
  if (!block.text.isWellFormed() || lines.some((line) => forbiddenInText.test(line)))
    throw new RangeError(`${block.field} holds a character that no text may hold`)
  return `${head}\n${lines.map((line) => (line === '' ? '|\n' : `| ${line}\n`)).join('')}`
}

/** There are few of them, so looking at each pair is quicker than a set. */
const isAnyTwice = (names: readonly string[]) => names.some((name, place) => names.indexOf(name) !== place)

const bareForm = (block: Block, printed: string) =>
  'text' in block ? `~${block.field} erased ${sha256(printed)}\n` : printed
