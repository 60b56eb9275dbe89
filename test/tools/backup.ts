import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { TestContext } from 'node:test'
import { type Disk, realDisk } from '../../src/archive/disk.ts'
import { archiveFiles, lockName } from '../../src/archive/files.ts'
import { readGroups } from '../../src/archive/read.ts'
import { seedArchive } from '../../src/cli/seed.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { tellBackedUp, tellVerified } from '../../src/commands/recovery.ts'
import { readConfig } from '../../src/config.ts'
import { operator, schedule } from '../../src/kernel/actor.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { recordErased } from '../../src/records/erasures.ts'
import { type BackupReport, backupReport } from '../../src/reports/backup.ts'
import { type RestoreReport, type RestoreWish, restoreReport } from '../../src/reports/restore.ts'
import { usualEnd } from '../../src/seed/community.ts'
import { ledgerOptions } from '../../src/wiring.ts'
import { type Home, home } from './site.ts'

/** Folders with a made-up community of some months. */
export async function seeded(t: TestContext, marks = 300): Promise<Home> {
  const here = await empty(t)
  await seedArchive(configOf(here), { members: 12, prayers: 40, marks }, '1', usualEnd)
  return here
}

/** Folders with nothing in them: another machine. */
export async function empty(t: TestContext): Promise<Home> {
  const here = await home()
  t.after(() => here.remove())
  return here
}

export const configOf = ({ env }: Home) => readConfig(env)

export const backsUp = (
  here: Home,
  dir: string,
  passphrase?: string,
  disk: Disk = realDisk,
): Promise<BackupReport> => backupReport({ ...ledgerOptions(configOf(here)), disk }, { dir, passphrase })

export function restores(here: Home, dir: string, wish: Partial<RestoreWish> = {}): Promise<RestoreReport> {
  const config = configOf(here)
  const folders = { ...ledgerOptions(config), backups: config.backupDir }
  return restoreReport(folders, { dir, isDryRun: false, isTextAlone: false, ...wish })
}

/**
 * As if a night had just passed: a site backs up and verifies some seconds after its start when that is due, and writes that
 * it did. For tests that look whether anybody writes.
 */
export const hasHadItsNight = (here: Home) =>
  withLedger(here, async ({ record, head }) => {
    const { sequence: records, hash } = head()
    await perform(record, tellBackedUp, schedule, { records, head: hash, bytes: 1, milliseconds: 1 })
    await perform(record, tellVerified, schedule, { records, problems: 0, milliseconds: 1 })
  })

/** Opens the ledger for as long as this takes. */
export async function withLedger<Result>(here: Home, work: (ledger: Ledger) => Promise<Result> | Result) {
  const ledger = await openLedger(ledgerOptions(configOf(here)))
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

/** One record more. */
export const writes = (here: Home) =>
  withLedger(here, (ledger) => perform(ledger.record, issueInvite, operator, {}))

/** The first request that somebody wrote. */
export function firstRequest({ archive }: Home): { record: number; hash: string; text: string } {
  for (const { records } of readGroups(realDisk, archive))
    for (const { kind, sequence, hash, blocks } of records) {
      const block = kind === 'prayer.posted' && blocks.find(({ field }) => field === 'request')
      if (block && 'text' in block) return { record: sequence, hash, text: block.text.split('\n')[0] ?? '' }
    }
  throw new Error('nobody wrote a request')
}

/** Has its words erased. */
export async function erasesFirstRequest(here: Home) {
  const found = firstRequest(here)
  const { record, hash } = found
  await withLedger(here, async (ledger) => {
    const draft = recordErased.of({ by: 'operator', record, hash, field: 'request', why: 'wish' })
    await ledger.record(() => ({ drafts: [draft], result: undefined }))
    await ledger.settled()
  })
  return found
}

/** All months. */
export const textOf = (archive: string): string =>
  archiveFiles(realDisk, archive)
    .segments.map(({ name }) => readFileSync(join(archive, name), 'utf8'))
    .join('')

/**
 * Every file below a folder and what it holds, but for locks, which nobody may open, and for what SQLite's readers tell
 * each other while they read.
 */
export function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  if (!existsSync(folder)) return found
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && entry.name !== lockName && !entry.name.endsWith('-shm'))
      found[relative(folder, path)] = createHash('sha256').update(readFileSync(path)).digest('hex')
  }
  return Object.fromEntries(Object.entries(found).sort())
}

/** As `cp -r` does it, with the lock's file. Only where nobody holds that lock. */
export const copied = (from: string, to: string) => cpSync(from, to, { recursive: true })

/** The closing hashes of all records. */
export const hashesOf = (archive: string): string[] =>
  [...readGroups(realDisk, archive)].flatMap(({ records }) => records.map(({ hash }) => hash))

const program = join(import.meta.dirname, '../../thywill')

/** Starts a command and kills it after so many milliseconds, unless it ends before. Answers whether it was killed. */
export function killed({ env }: Home, after: number, ...args: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), after)
    child.once('error', reject).once('exit', (code, signal) => {
      clearTimeout(timer)
      assert.ok(signal === 'SIGKILL' || code === 0, `${args[0]} ended with ${code}`)
      resolve(signal === 'SIGKILL')
    })
  })
}

/**
 * Kills a command at a random moment of its work: between 40 and 98 of 100 parts of what it takes, of which the first part is
 * loading it. What it takes is measured first, and again whenever it ends before: machines are not always as busy. Each
 * call runs it once, and answers whether it was killed.
 */
export async function atRandomMoments(
  here: Home,
  random: () => number,
  ...args: string[]
): Promise<() => Promise<boolean>> {
  let takes = Number.POSITIVE_INFINITY
  const run = async (after: number) => {
    const started = performance.now()
    const isKilled = await killed(here, after, ...args)
    if (!isKilled) takes = Math.min(takes, performance.now() - started)
    return isKilled
  }
  await run(60_000)
  return () => run(takes * (0.4 + 0.58 * random()))
}
