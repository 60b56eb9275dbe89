import { erasuresIn, listOfErasures, namesNothing } from '../archive/erase.ts'
import { Corruption } from '../archive/fault.ts'
import { findRecord } from '../archive/find.ts'
import type { Origin } from '../archive/restore.ts'
import { readSealKey } from '../archive/seal.ts'
import { judge } from '../archive/tail.ts'
import { type Progress, type Verification, verifyArchive } from '../archive/verify.ts'
import { currentCache, pointTo, reserveCache } from '../cache/generations.ts'
import { openForWriting, openReader } from '../cache/open.ts'
import type { Draft } from '../kernel/event.ts'
import { momentOf } from '../kernel/moment.ts'
import { schemaHashOf } from '../ledger/behaviour.ts'
import { keyWasNamed, type Ledger, type LedgerOptions, openLedger } from '../ledger/ledger.ts'
import { rebuildWith } from '../ledger/rebuild.ts'
import { performAsOperator } from '../operator.ts'
import { erasureReasons, recordErased } from '../records/erasures.ts'
import { digestOfCache } from './backup.ts'
import type { Stage } from './stage.ts'

/** The backup is not good, or nothing may be restored now, in sentences; nothing was changed. */
export class RestoreRefused extends Error {
  constructor(sentences: string) {
    super(`${sentences}\nNothing was changed.`)
    this.name = 'RestoreRefused'
  }
}

export interface Proven {
  /** Of the backup, before anything was added to it. */
  readonly records: number
  readonly head: string
  readonly equal: boolean | null
  readonly reports: readonly string[]
}

export interface ProofWish {
  readonly isTextAlone: boolean
  /** Everything is thrown away afterwards, a key that had to be made included. */
  readonly isDryRun: boolean
  /** Since the restore began. */
  readonly elapsed: () => number
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * Takes a staged archive for what it is to become: reads every byte, makes a cache of it, compares, lets a start judge it,
 * erases what has to stay erased, records the restore, and reads every byte again. Throws RestoreRefused.
 */
export async function prove(
  folders: LedgerOptions,
  origin: Origin,
  stage: Stage,
  wish: ProofWish,
): Promise<Proven> {
  const { disk } = folders
  const { head } = readStaged(folders, origin, stage)
  const equal = await compare(folders, origin, stage, wish)
  if (equal === false && !wish.isTextAlone)
    throw new RestoreRefused(
      'The cache that this text gives has other rows than the one of the site that made the backup: one of them had ' +
        'been changed by hand, or this version projects differently. The text is what counts: --text-alone restores it.',
    )
  const hasKey = readSealKey(disk, stage.secrets) !== undefined
  const ledger = await openLedger({ ...folders, ...stage, isReadOnly: false, onProgress: wish.onProgress })
  const { publicKey } = readSealKey(disk, stage.secrets) ?? {}
  const isTold = wish.isDryRun && ledger.reports.includes(keyWasNamed(publicKey))
  const reports = ledger.reports.filter((sentence) => !isTold || sentence !== keyWasNamed(publicKey))
  if (isTold) reports.push(keyWouldBeNamed(hasKey ? publicKey : undefined))
  try {
    requireWell(ledger)
    const erased = await eraseAgain(folders, stage.archive, ledger)
    if (erased > 0) reports.push(`${erased} erasures that the backup did not know were carried out again.`)
    const { sequence: records, hash } = head
    const milliseconds = Math.round(wish.elapsed() * 1000)
    await performAsOperator(ledger.record, 'tellRestored', { records, head: hash, milliseconds })
    await ledger.settled()
    requireWell(ledger)
  } finally {
    await ledger.close()
  }
  foldIn(stage.cache, ledger.schemaHash)
  const [problem] = verifyArchive(disk, stage.archive).problems
  if (problem)
    throw new RestoreRefused(`${problem.file}, record ${problem.sequence ?? '-'}: ${problem.what}.`)
  return { records: head.sequence, head: head.hash, equal, reports }
}

const keyWouldBeNamed = (key: string | undefined) =>
  key === undefined
    ? 'There is no key of the seals here: the restore makes one, records it, and says what to keep elsewhere.'
    : `The archive does not know the key of the seals that is here: the restore records it. Keep elsewhere: ${key}`

/** Without any cache, so nothing is taken for torn that stands before something whole. */
function readStaged({ disk }: LedgerOptions, { backup }: Origin, { archive }: Stage): Verification {
  const seen = verifyArchive(disk, archive)
  if (seen.fault) {
    const verdict = judge(disk, archive, { safe: seen.head, fault: seen.fault }, undefined)
    if (verdict.is === 'corrupt') throw new RestoreRefused(new Corruption(seen.fault).message)
  }
  if (!backup) return seen
  const { records: sequence, head: hash, key } = backup.manifest
  if (!findRecord(disk, archive, { sequence, hash }))
    throw new RestoreRefused(`The manifest speaks of record ${sequence}, which the backup does not hold.`)
  if (!seen.keys.includes(key))
    throw new RestoreRefused('The manifest was signed with a key that the archive does not name.')
  return seen
}

/** Makes the cache, up to the record with which the other one was compared; a start brings it to the end. */
async function compare(
  folders: LedgerOptions,
  { backup }: Origin,
  stage: Stage,
  { onProgress }: ProofWish,
): Promise<boolean | null> {
  const { disk, catalogue, source } = folders
  const schemaHash = schemaHashOf(disk, catalogue)
  const said = backup?.manifest.cache?.schema === schemaHash ? backup.manifest.cache : undefined
  const order = {
    archive: stage.archive,
    path: reserveCache(stage.cache, schemaHash),
    now: momentOf(source.now()),
    ...(said && { until: said.sequence }),
  }
  const made = await rebuildWith(disk, catalogue.kinds)(order, { onProgress })
  const path = pointTo(stage.cache, schemaHash, made.path)
  if (!said) return null
  const cache = openReader(path)
  try {
    return digestOfCache(cache) === said.digest
  } finally {
    cache.close()
  }
}

/** The file alone holds everything afterwards, so it can be moved. */
function foldIn(folder: string, schemaHash: string) {
  const path = currentCache(folder, schemaHash)
  if (!path) return
  const cache = openForWriting(path)
  cache.sqlite.pragma('wal_checkpoint(truncate)')
  cache.close()
}

function requireWell(ledger: Ledger) {
  const trouble = ledger.trouble()
  if (trouble) throw new RestoreRefused(trouble.sentence)
}

/** What the list demands and no record of this archive does: the erasure came after the backup. */
async function eraseAgain(
  { disk, catalogue }: LedgerOptions,
  archive: string,
  ledger: Ledger,
): Promise<number> {
  const known = new Set(catalogue.erasures(ledger.cache()).map(({ hash, field }) => `${hash} ${field}`))
  const drafts: Draft[] = []
  for (const erasure of erasuresIn(listOfErasures(disk, archive))) {
    const { record, hash, field } = erasure
    const why = erasureReasons.find((reason) => reason === erasure.why)
    if (!why || known.has(`${hash} ${field}`) || namesNothing(disk, archive, erasure)) continue
    drafts.push(recordErased.of({ by: 'operator', record, hash, field, why }))
  }
  for (let from = 0; from < drafts.length; from += 1000)
    await ledger.record(() => ({ drafts: drafts.slice(from, from + 1000), result: undefined }))
  return drafts.length
}
