import { realpathSync } from 'node:fs'
import type { Config } from '../config.ts'
import { tellOfStart } from '../jobs/keeping.ts'
import { Refusal } from '../kernel/refusal.ts'
import { askServer } from '../ledger/control.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../ledger/ledger.ts'
import type { VerifyReport } from '../reports/verify.ts'
import { inWords } from './no-room.ts'
import { tellStart } from './output.ts'

/** The ledger for one command. What its start put away or had to make anew is kept in the history, as a server's is. */
export async function openForCommand(options: LedgerOptions): Promise<Ledger> {
  const ledger = await openLedger(options)
  tellStart(ledger)
  try {
    if (!ledger.trouble()) await tellOfStart(ledger.record, ledger)
    return ledger
  } catch (error) {
    // Nothing can be saved any more: the command itself is about to be told so, or needs nothing saved.
    if (error instanceof Refusal) return ledger
    await ledger.close()
    throw error
  }
}

/**
 * Has the running site keep in its history what a verification found. Answers in a sentence why it is not kept. Nothing is
 * opened for it: reading takes no lock, cuts nothing off, and makes no folder and no key.
 */
export async function recordVerification(config: Config, report: VerifyReport): Promise<string | undefined> {
  const why = await whyNotRecorded(config, report)
  return why && `This is not in the history: ${why}`
}

async function whyNotRecorded(config: Config, report: VerifyReport): Promise<string | undefined> {
  const { archiveDir, archiveReadOnly, cacheDir } = config
  if (archiveReadOnly) return 'ARCHIVE_READ_ONLY is on.'
  try {
    const server = await askServer(cacheDir, { name: 'archive', input: {} }, undefined, patience)
    if (!server) return 'no site is running here that could write it.'
    if (server.result !== realpathSync(archiveDir))
      return `the site that is running here is not that of ${archiveDir}.`
    const input = { ...figuresOf(report), milliseconds: Math.round(report.seconds * 1000) }
    const told = await askServer(cacheDir, { name: 'tellVerified', input }, undefined, patience)
    return told ? undefined : 'the site has ended meanwhile.'
  } catch (error) {
    // What was found is what was asked for, and has been found.
    return inWords(error)
  }
}

/** A site that works answers this in milliseconds. */
const patience = 10_000

function figuresOf({ records, problems, deep }: VerifyReport) {
  const differing = deep?.tables.filter(({ equal }) => !equal).length ?? 0
  return { records, problems: problems.length + differing, ...(deep && { deep: true }) }
}
