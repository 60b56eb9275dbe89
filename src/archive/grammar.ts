import { hash } from 'node:crypto'

/* The words and limits of format 1, for the printer and the reader alike (archive-format.md). */

export const limits = {
  header: 4096,
  value: 512,
  blocks: 16,
  text: 65_536,
  record: 262_144,
  group: 1000,
  sequence: 1_000_000_000_000_000,
} as const

/** The previous hash of record 1. */
const noHash = '0'.repeat(64)

export const sha256 = (bytes: string | Uint8Array): string => hash('sha256', bytes, 'hex')

/** Where the next record stands, and what it must fit. */
export interface Place {
  /** Of the record before; 0 before the first. */
  readonly sequence: number
  readonly hash: string
  /** The time of the record before, empty before the first. */
  readonly time: string
}

/** Whether the same record stands in front of both. */
export const isSamePlace = (one: Place, other: Place): boolean =>
  one.sequence === other.sequence && one.hash === other.hash

export const genesis: Place = { sequence: 0, hash: noHash, time: '' }

/** One header: sequence, records to come, time, kind, version, critical, values. */
export const headerPattern =
  /^@([1-9]\d{0,14})(?:\+([1-9]\d{0,3}))? (\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z) ([a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)+)\/([1-9]\d{0,2})(!)?((?: [a-z][A-Za-z0-9]{0,31}=[\x21-\x3c\x3e-\x7e]{1,512})*)$/

/** One line above a block: field, then its salt, or the digest of what was erased. */
export const blockPattern = /^~([a-z][A-Za-z0-9]{0,31}) (?:([0-9a-f]{32})|erased ([0-9a-f]{64}))$/

/** The two lines at the top of a segment: month, first sequence, hash of the record before. */
export const headPattern =
  /^thywill archive 1 month (\d{4}-(?:0[1-9]|1[0-2])) from ([1-9]\d{0,14})\n= ([0-9a-f]{64})\n\n$/

/** Any segment's head is this long: sequence of 1 to 15 digits. */
export const headLength = (firstSequence: number) =>
  Buffer.byteLength(segmentHead('2026-11', { ...genesis, sequence: firstSequence - 1 }))

export const segmentHead = (month: string, before: Place) =>
  `thywill archive 1 month ${month} from ${before.sequence + 1}\n= ${before.hash}\n\n`

/** A closing line and the blank line behind it. */
export const closingLength = 68
export const closing = (hash: string) => `= ${hash}\n\n`
export const closingPattern = /^= ([0-9a-f]{64})\n\n$/

/** What no line of text may hold; lone surrogates cannot be written in UTF-8 at all. */
export const forbiddenInText = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ufeff]/
