import { archiveFiles } from '../archive/files.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache } from '../cache/generations.ts'
import type { Config } from '../config.ts'
import { usableCache } from '../ledger/caches.ts'
import { checkBackup, checkVerification, newestVerification } from './checks/acts.ts'
import { archiveIsGone, checkArchive, checkClock, checkFiles } from './checks/archive.ts'
import { checkCache, checkGenerations } from './checks/cache.ts'
import { checkDisk } from './checks/disk.ts'
import { type Finding, wrong } from './checks/finding.ts'
import { checkFolders, type NamedFolder } from './checks/folders.ts'
import { checkKeptAside } from './checks/kept-aside.ts'
import { checkKeys } from './checks/keys.ts'
import { checkServer, type Standing } from './checks/server.ts'
import { checkBundle, checkNode, checkSettings, settingMistakes } from './checks/settings.ts'
import type { Folders } from './folders.ts'
import { lostArchive } from './lost.ts'
import { statusReport } from './status.ts'

export interface DoctorReport {
  /** Nothing is wrong; there may be things to watch. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

export interface Examined {
  readonly config: Config
  readonly folders: Folders
  readonly server: Standing
}

/**
 * Everything an operator would check, each with what to do about it. Works beside a running server and without one, takes
 * no lock and writes nothing (SQLite alone keeps its -shm and -wal beside a cache that it reads).
 */
export async function doctorReport(examined: Examined): Promise<DoctorReport> {
  const { config, server } = examined
  const { disk, archive } = examined.folders
  const gone = lostArchive({ ...examined.folders, backups: config.backupDir }, server.running)
  const hasBegun = gone !== undefined || archiveFiles(disk, archive).segments.length > 0
  const folders = foldersOf(config, hasBegun)
  return reportOf([
    checkNode(),
    checkBundle(examined.folders.catalogue.schemaHash !== undefined),
    ...checkSettings(config),
    ...(await look('folders', () => checkFolders(folders))),
    ...(await look('disk', () => checkDisk(folders))),
    ...(await look('server', () => checkServer(config.archiveDir, server, gone !== undefined))),
    ...(gone === undefined
      ? await look('archive', () => checkInside(examined))
      : [archiveIsGone(gone), ...(await look('files', () => checkFiles(examined.folders)))]),
  ])
}

/** What can be said when the settings are not even settings. */
export const withoutConfig = (mistakes: readonly string[]): DoctorReport =>
  reportOf([checkNode(), ...settingMistakes(mistakes)])

const reportOf = (findings: readonly Finding[]): DoctorReport => ({
  ok: findings.every(({ state }) => state !== 'wrong'),
  findings,
})

/** Every folder of the site. (BACKUP_DIR belongs here as soon as the settings have it.) */
const foldersOf = (config: Config, hasBegun: boolean): readonly NamedFolder[] => [
  { name: 'ARCHIVE_DIR', path: config.archiveDir, hasBegun, mayBeReadOnly: config.archiveReadOnly },
  { name: 'CACHE_DIR', path: config.cacheDir, hasBegun },
  { name: 'SECRETS_DIR', path: config.secretsDir, hasBegun },
]

const placesOf = ({ archiveDir, cacheDir, secretsDir }: Config) => [archiveDir, cacheDir, secretsDir]

/** Archive, keys and cache. */
async function checkInside({ config, folders, server }: Examined): Promise<readonly Finding[]> {
  const { secretsDir: secrets, backupDir: backups } = config
  const status = statusReport({ ...folders, secrets, backups }, server)
  const cache = usableCache(currentCache(folders.cache, status.code.schemaHash), 'read')
  const now = folders.source.now()
  try {
    return [
      ...checkArchive(status, archiveFiles(folders.disk, folders.archive)),
      ...(await look('files', () => checkFiles(folders))),
      ...(await look('restores', () => checkKeptAside(folders.disk, placesOf(config), now))),
      checkClock(folders, status),
      ...(await look('keys', () => checkKeys({ ...folders, secrets }, cache))),
      checkCache(status),
      ...(await look('caches', () => checkGenerations(folders, status))),
      ...(status.archive.segments > 0
        ? [checkVerification(newestVerification(folders.cache, cache), now), checkBackup(cache, now)]
        : []),
    ]
  } finally {
    cache?.close()
  }
}

type Found = Finding | readonly Finding[]

/** What cannot even be looked at is a finding, too, and no reason to look at nothing else. */
async function look(check: string, find: () => Found | Promise<Found>): Promise<readonly Finding[]> {
  try {
    return [await find()].flat()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const remedy = isDamage(error)
      ? 'Pages of the cache are damaged: ./thywill rebuild makes another from the archive.'
      : 'Run ./thywill as the user of the site.'
    return [wrong(check, `This could not be looked at: ${why}.`, remedy)]
  }
}
