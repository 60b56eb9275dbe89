import { Corruption, type Fault } from '../archive/fault.ts'
import type { Verdict } from '../archive/tail.ts'
import type { Unreadable } from '../archive/unreadable.ts'
import { minutes } from '../kernel/moment.ts'
import { keysAreMissing } from './missing-keys.ts'
import { type Trouble, trouble } from './standing.ts'

/*
 * The guard at start-up, as decisions over what was found: nothing here looks at a disk. `findings.ts` looks, `fit.ts`
 * acts. A start decides twice: which cache to serve from before it reads a record, and whether writing goes on when it has
 * read to the end.
 */

/** What was found before a record is read. */
export interface Findings {
  /** Folder of the archive, for the sentences. */
  readonly archive: string
  /** Folder of the caches. */
  readonly caches: string
  /** Id of the archive; empty when it has no record that can be read. */
  readonly id: string
  /** What keeps the first record from being read, and with it the id. */
  readonly bent: Fault | undefined
  /** A file of the text that cannot be read, by its first bytes or by those a start needs. */
  readonly unread: Unread | undefined
  readonly hasSegments: boolean
  /** Whether this very start began the archive. */
  readonly isNew: boolean
  readonly format: 'ours' | 'missing' | 'newer' | 'strange'
  /** Whether this process holds the archive's lock, and why not. */
  readonly lock: 'ours' | 'elsewhere' | 'not asked for' | { readonly refused: string }
  /** Whether this process may write the cache. */
  readonly isProjector: boolean
  /** The cache that this code points to. */
  readonly own: CacheFound
  /** Whether code of another schema has a cache here. */
  readonly hasOtherSchema: boolean
  /** The furthest that any cache here has seen, of whichever archive. */
  readonly promised: { readonly archive: string; readonly sequence: number } | undefined
  /** A backup, where there is no archive that can be read: folder, and id of what it is of. */
  readonly backup: { readonly folder: string; readonly archive: string | undefined } | undefined
}

/** A file that is there and cannot be read. */
export type Unread = Pick<Unreadable, 'file' | 'why' | 'isClosed'>

export type CacheFound =
  | { readonly is: 'missing' }
  | { readonly is: 'unusable'; readonly why: string }
  | {
      readonly is: 'usable'
      readonly archive: string
      readonly sequence: number
      readonly stands: boolean
      /** Where to look for what it has seen, when the archive does not hold it. */
      readonly lost?: Lost | undefined
    }

/** `bent`: the text cannot be read as far as what was seen, so nobody knows whether it is gone. In a sentence. */
export interface Lost {
  readonly is: 'gone' | 'bent'
  readonly sentence: string
}

/** Why a cache is made. */
export type Why = 'new' | 'missing' | 'schema' | 'unusable' | 'other-archive'

/** Which cache to serve from. `sentence`: what an operator should read of it. */
export type CacheDecision =
  | { readonly do: 'begin'; readonly sentence?: undefined }
  | { readonly do: 'catch up'; readonly sentence?: undefined }
  | { readonly do: 'make'; readonly why: Why; readonly sentence: string | undefined }
  | { readonly do: 'serve as it is'; readonly trouble: Trouble; readonly sentence?: undefined }
  | { readonly do: 'refuse'; readonly sentence: string }

/** The first decision of a start. */
export function decideCache(found: Findings): CacheDecision {
  if (!found.hasSegments) return decideEmpty(found)
  const { own } = found
  // Where the first record cannot be read nobody can tell, and what the cache has is better than nothing.
  const isOurs = own.is === 'usable' && (own.archive === found.id || found.id === '')
  if (found.format === 'newer') {
    if (isOurs) return { do: 'serve as it is', trouble: trouble('newer', newerFormat(found)) }
    return { do: 'refuse', sentence: newerFormat(found) }
  }
  if (found.unread) {
    if (isOurs) return { do: 'serve as it is', trouble: unreadable(found.unread) }
    return {
      do: 'refuse',
      sentence: `${unreadable(found.unread).sentence} No cache here shows what is in it.`,
    }
  }
  if (isOurs && found.bent) return { do: 'serve as it is', trouble: corrupt(found.bent) }
  if (isOurs && own.stands) return { do: 'catch up' }
  if (isOurs) return { do: 'serve as it is', trouble: ahead(own.sequence, own.lost) }
  if (!found.isProjector) return { do: 'refuse', sentence: workedIn(found.caches) }
  if (found.bent && found.promised)
    return { do: 'refuse', sentence: bentFirst(found, found.bent, found.promised) }
  // What a first start left that died half way is no archive yet.
  if (found.id === '' && own.is === 'missing' && found.lock === 'ours') return begin(found)
  return make(found)
}

const bentFirst = ({ caches }: Findings, bent: Fault, { sequence }: { readonly sequence: number }) =>
  `${corrupt(bent).sentence} No cache here shows what it was, and ${caches} has seen ${sequence} records: put the file back.`

export const workedIn = (caches: string) =>
  `Another process works in ${caches}; wait for it, or name another CACHE_DIR.`

function decideEmpty(found: Findings): CacheDecision {
  const { archive, caches, lock, promised } = found
  if (promised)
    return {
      do: 'refuse',
      sentence:
        `${archive} is empty, but ${caches} has seen ${promised.sequence} records of archive ${promised.archive}. ` +
        'Put the archive back; to begin a new one, empty the cache folder too.',
    }
  if (lock === 'ours') return begin(found)
  return {
    do: 'refuse',
    sentence: `There is no archive in ${archive} yet, and this process may not begin one.`,
  }
}

/** Where a backup is, an archive was: another one would be begun in its place only by mistake, and could not be backed up. */
function begin({ archive, backup }: Findings): CacheDecision {
  if (!backup) return { do: 'begin' }
  const { folder, archive: id = 'one' } = backup
  return {
    do: 'refuse',
    sentence:
      `${archive} holds no archive that can be read, but ${folder} holds a backup of ${id}. Put the archive back, or bring ` +
      `it back with ./thywill restore ${folder}; to begin a new one, move that backup away.`,
  }
}

function make({ own, hasOtherSchema, id, isNew }: Findings): CacheDecision {
  if (own.is === 'usable')
    return {
      do: 'make',
      why: 'other-archive',
      sentence: `The cache was of archive ${own.archive} and this is ${id}; a new one is made from the text.`,
    }
  if (own.is === 'unusable')
    return {
      do: 'make',
      why: 'unusable',
      sentence: `The cache could not be used (${own.why}); it is made anew from the archive.`,
    }
  if (isNew) return { do: 'make', why: 'new', sentence: undefined }
  return hasOtherSchema
    ? {
        do: 'make',
        why: 'schema',
        sentence: 'This version needs another cache; it is made from the archive.',
      }
    : { do: 'make', why: 'missing', sentence: 'There was no cache; it is made from the archive.' }
}

const newerFormat = ({ archive }: Findings) =>
  `${archive}/FORMAT is of a newer version than this one: start that version, or put its files back.`

/** What was found when every record behind the cache had been read. */
export interface Endings {
  readonly verdict: Verdict
  /** The furthest that any cache of this archive has seen, when the archive does not hold it. */
  readonly isMissing: number | undefined
  /** What could not be read to find that out. */
  readonly unread: Unread | undefined
  /** What is wrong with the months that are over. */
  readonly months: Trouble | undefined
  /** Kinds without a mark that this code does not know, with how many records. */
  readonly unknown: ReadonlyMap<string, number>
  /** How far the clock is behind the last record, in milliseconds. */
  readonly clockBehind: number
  /** On the disk of the archive, in bytes. */
  readonly free: number
  /** When the last verification found that not all is well; `undefined` when all was. */
  readonly lastProblems: string | undefined
  /** Numbers of the keys that words were sealed with and that are not here. */
  readonly missingKeys: readonly number[]
}

/** What keeps anybody from writing; what of the tail has to be put away; what else an operator should read. */
export interface EndDecision {
  readonly trouble: Trouble | undefined
  readonly quarantine: Fault | undefined
  readonly sentences: readonly string[]
}

/** The second decision of a start. Of several troubles the one that says most comes first. */
export function decideEnd(found: Endings): EndDecision {
  const { verdict } = found
  const reason =
    (verdict.is === 'corrupt' ? corrupt(verdict.fault) : undefined) ??
    (found.unread === undefined ? undefined : unreadable(found.unread)) ??
    (found.isMissing === undefined ? undefined : ahead(found.isMissing)) ??
    found.months
  return {
    trouble: reason,
    quarantine: verdict.is === 'torn' ? verdict.fault : undefined,
    sentences: [...sentencesOf(found)],
  }
}

function* sentencesOf(found: Endings): Generator<string> {
  const { unknown, clockBehind, free, lastProblems, missingKeys } = found
  for (const [kind, records] of unknown)
    yield `${records} records are of the kind ${kind}, which this version does not know: they are kept and passed over.`
  if (clockBehind > tolerance)
    yield `The clock is ${Math.ceil(clockBehind / 60_000)} minutes behind the last record: nothing is written until it is right.`
  if (free < littleRoom)
    yield `Only ${Math.floor(free / 1e6)} MB are left on the disk of the archive: make room before writing has to stop.`
  if (lastProblems)
    yield `The verification of ${lastProblems} did not find everything as it was written: ./thywill verify says what.`
  if (missingKeys.length > 0) yield keysAreMissing(missingKeys)
}

/** An operator is told below this, in bytes: a year of a large community's text is about as much. */
const littleRoom = 500e6

/** A machine's clock may be a little off; then the last time is repeated (archive-format.md, "Order, time"). */
export const tolerance = 5 * minutes

/** Why this process does not write, however well the text is. */
export function whyNotWriting(lock: Findings['lock']): Trouble | undefined {
  if (lock === 'ours') return undefined
  if (lock === 'not asked for')
    return trouble('read-only', 'Read-only was asked for: ARCHIVE_READ_ONLY is on.')
  if (lock === 'elsewhere')
    return trouble('elsewhere', 'Another process writes this archive; this one only reads.')
  return trouble('read-only', `The archive's folder cannot be written to: ${lock.refused}.`)
}

/** With what to do: the file may be whole, so nothing is to be deleted. */
export function unreadable({ file, why, isClosed }: Unread): Trouble {
  const sentence = `${file} cannot be read (${why}). `
  if (isClosed)
    return trouble(
      'unreadable',
      `${sentence}Let the user of the site read it, then ./thywill edits look-again.`,
    )
  if (/^\d{4}\/.+\.txt$/.test(file))
    return trouble(
      'unreadable',
      `${sentence}Move it out of the archive, then ./thywill edits restore ${file}.`,
    )
  return trouble(
    'unreadable',
    `${sentence}Put it right, or back from a backup, then ./thywill edits look-again.`,
  )
}

export const corrupt = (fault: Fault) => trouble('corrupt', new Corruption(fault).message)

export function ahead(sequence: number, lost?: Lost): Trouble {
  const seen = `The cache has seen record ${sequence}`
  if (lost?.is === 'bent')
    return trouble('ahead', `${seen}, and the archive cannot be read as far as that: ${lost.sentence}`)
  const gone = `${seen}, which the archive does not hold: acknowledged records are gone.`
  return trouble('ahead', lost ? `${gone} ${lost.sentence}` : gone)
}
