import { isUtf8 } from 'node:buffer'
import { isMoment } from '../kernel/moment.ts'
import type { ArchiveRecord, Block } from '../kernel/wording.ts'
import {
  blockPattern,
  closing,
  closingLength,
  closingPattern,
  forbiddenInText,
  headerPattern,
  limits,
  type Place,
  sha256,
} from './grammar.ts'

/** Bytes that are not what they should be; `at` is where in the buffer. */
export class Bent extends Error {
  readonly at: number

  constructor(at: number, what: string) {
    super(what)
    this.name = 'Bent'
    this.at = at
  }
}

/** A record in its place and in good grammar, but for a closing line that does not fit its text. */
export class Misfit extends Bent {
  /** As it stands, with the hash of its closing line. */
  readonly parsed: Parsed
  /** The hash that its text comes to. */
  readonly comesTo: string

  constructor(at: number, parsed: Parsed, comesTo: string) {
    super(at, 'the closing line does not fit the text above it')
    this.name = 'Misfit'
    this.parsed = parsed
    this.comesTo = comesTo
  }
}

export interface Parsed {
  readonly record: ArchiveRecord
  /** Where the next record begins. */
  readonly next: number
}

const lf = 10
const tilde = 0x7e
const bar = 0x7c

/**
 * Reads the record at `at` of `buffer`, whose first `end` bytes are there, and compares every byte with the grammar
 * and the chain. The closing line of the record before stands directly in front of `at`. Answers `undefined` when the
 * record goes on behind `end`; throws `Bent` for anything that format 1 would not have written there.
 */
export function parseRecord(buffer: Buffer, at: number, end: number, before: Place): Parsed | undefined {
  const headerEnd = lineEnd(buffer, at, end, limits.header)
  if (headerEnd < 0) return undefined
  const header = buffer.toString('latin1', at, headerEnd)
  const match = headerPattern.exec(header)
  if (!match) throw new Bent(at, 'this is no header of a record')

  let position = headerEnd + 1
  const blocks: Block[] = []
  let bare = ''
  while (position < end && buffer[position] === tilde) {
    const parsed = parseBlock(buffer, position, end)
    if (parsed === undefined) return undefined
    if (blocks.length === limits.blocks) throw new Bent(position, 'more than 16 blocks in one record')
    if (blocks.some((block) => block.field === parsed.block.field))
      throw new Bent(position, `the block "${parsed.block.field}" stands twice in one record`)
    blocks.push(parsed.block)
    bare += parsed.bare
    position = parsed.next
  }
  const next = position + closingLength
  if (next > end) return undefined
  if (next - at > limits.record) throw new Bent(at, 'a record of more than 256 KiB')

  const hash =
    blocks.length === 0
      ? sha256(buffer.subarray(at - closingLength, position))
      : sha256(`${closing(before.hash)}${header}\n${bare}`)
  const closed = buffer.toString('latin1', position, next)
  // Of a record that belongs elsewhere the hash does not fit either; that it belongs elsewhere says more.
  const record = recordOf(match, at, before, blocks, hash)
  if (closed === closing(hash)) return { record, next }
  const printed = closingPattern.exec(closed)?.[1]
  if (printed === undefined) throw new Bent(position, 'this is no closing line')
  throw new Misfit(position, { record: { ...record, hash: printed }, next }, hash)
}

function recordOf(
  match: RegExpExecArray,
  at: number,
  before: Place,
  blocks: readonly Block[],
  hash: string,
): ArchiveRecord {
  const [, sequence, more, time = '', kind = '', version, critical, rest = ''] = match
  if (Number(sequence) !== before.sequence + 1)
    throw new Bent(at, `record ${before.sequence + 1} should stand here, not ${sequence}`)
  if (time < before.time) throw new Bent(at, 'its time is before the record before')
  if (time.slice(0, 10) !== before.time.slice(0, 10) && !isMoment(time))
    throw new Bent(at, 'its time is a day that does not exist')
  return {
    sequence: before.sequence + 1,
    more: more === undefined ? 0 : Number(more),
    time,
    kind,
    version: Number(version),
    critical: critical !== undefined,
    values: rest === '' ? [] : parseValues(rest, at),
    blocks,
    hash,
  }
}

function parseValues(text: string, at: number) {
  const values: [string, string][] = []
  for (const pair of text.slice(1).split(' ')) {
    const equals = pair.indexOf('=')
    const key = pair.slice(0, equals)
    if (values.some(([known]) => known === key)) throw new Bent(at, `the key "${key}" stands twice`)
    values.push([key, pair.slice(equals + 1)])
  }
  return values
}

function parseBlock(buffer: Buffer, at: number, end: number) {
  const headEnd = lineEnd(buffer, at, end, 128)
  if (headEnd < 0) return undefined
  const match = blockPattern.exec(buffer.toString('latin1', at, headEnd))
  if (!match) throw new Bent(at, 'this is no line above a block')
  const [head, field = '', salt, erased] = match
  if (salt === undefined)
    return { block: { field, erased: erased ?? '' }, bare: `${head}\n`, next: headEnd + 1 }

  const first = headEnd + 1
  let next = first
  while (next < end && buffer[next] === bar) {
    const stop = lineEnd(buffer, next, end, limits.record)
    if (stop < 0) return undefined
    next = stop + 1
  }
  if (next >= end) return undefined
  if (next === first) throw new Bent(next, 'a block without a line of text')
  const text = parseText(buffer, first, next)
  return {
    block: { field, salt, text },
    bare: `~${field} erased ${sha256(buffer.subarray(at, next))}\n`,
    next,
  }
}

function parseText(buffer: Buffer, first: number, next: number) {
  if (!isUtf8(buffer.subarray(first, next))) throw new Bent(first, 'text that is not UTF-8')
  const lines = buffer.toString('utf8', first, next - 1).split('\n')
  const text = lines.map((line) => withoutMargin(line, first)).join('\n')
  if (Buffer.byteLength(text) > limits.text) throw new Bent(first, 'more than 64 KiB of text in one block')
  return text
}

function withoutMargin(line: string, at: number) {
  if (line === '|') return ''
  if (!line.startsWith('| ') || line.length === 2) throw new Bent(at, 'a line of text without its margin')
  if (forbiddenInText.test(line)) throw new Bent(at, 'a character that no text may hold')
  return line.slice(2)
}

/** Where this line's LF is, or -1 when it is not there yet. */
function lineEnd(buffer: Buffer, at: number, end: number, longest: number) {
  const stop = buffer.indexOf(lf, at)
  const found = stop >= 0 && stop < end
  if ((found ? stop : end) - at > longest) throw new Bent(at, 'a line that is too long')
  return found ? stop : -1
}
