import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Disk } from '../archive/disk.ts'
import { scratchPrefix, waitingIn } from '../archive/exchange.ts'
import { writeWhole } from '../archive/file.ts'
import { lockName } from '../archive/files.ts'
import { type KeyFile, readKeys, unlockKeys } from '../archive/keys.ts'
import { lockedKeysOf, type Origin } from '../archive/restore.ts'
import { Unfit } from '../archive/unfit.ts'

/** Folders in which a restore is carried out before anything is touched. */
export interface Stage {
  readonly archive: string
  readonly cache: string
  readonly secrets: string
  /** Leaves in them what is to be put in place, keys that have changed included. */
  settle(): Promise<void>
  remove(): void
}

interface Folders {
  readonly disk: Disk
  readonly archive: string
  readonly cache: string
  readonly secrets: string
}

/** With the keys that are here, and those of the backup in their place where a passphrase was given. */
export async function stageFor(
  { disk, archive, cache, secrets }: Folders,
  origin: Origin,
  { isDryRun, passphrase }: { readonly isDryRun: boolean; readonly passphrase?: string | undefined },
): Promise<Stage> {
  const here = readKeys(disk, secrets)
  const brought = passphrase === undefined ? [] : keysOf(origin, passphrase)
  const isFirst = !existsSync(cache)
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  const scratch = mkdtempSync(join(cache, scratchPrefix))
  const stage = {
    archive: isDryRun ? join(scratch, 'archive') : waitingIn(archive),
    cache: isDryRun ? join(scratch, 'cache') : waitingIn(cache),
    secrets: join(scratch, 'secrets'),
  }
  for (const folder of Object.values(stage)) disk.makeFolder(folder)
  for (const { name, bytes } of [...here, ...brought])
    await writeWhole(disk, join(stage.secrets, name), bytes)
  let isSettled = false
  return {
    ...stage,
    async settle() {
      for (const folder of [stage.archive, stage.cache]) rmSync(join(folder, lockName), { force: true })
      const changed = readKeys(disk, stage.secrets).filter((key) => !here.some(isSame(key)))
      if (changed.length > 0) disk.makeFolder(waitingIn(secrets))
      for (const { name, bytes } of changed) await writeWhole(disk, join(waitingIn(secrets), name), bytes)
      isSettled = true
    },
    remove() {
      // What waits for the exchange is the exchange's: when that is stopped half way, the next one needs all of it.
      for (const folder of isSettled ? [scratch] : [stage.archive, stage.cache, scratch])
        disk.removeFolder(folder)
      if (isDryRun && isFirst) rmdirSync(cache)
    },
  }
}

const isSame = (key: KeyFile) => (other: KeyFile) => other.name === key.name && other.bytes.equals(key.bytes)

function keysOf(origin: Origin, passphrase: string): KeyFile[] {
  const locked = lockedKeysOf(origin)
  if (locked === undefined)
    throw new Unfit(`${origin.folder} holds no keys: it was made without --with-secrets.`)
  const keys = unlockKeys(locked, passphrase)
  if (!keys) throw new Unfit(`This is not the passphrase of the keys in ${origin.folder}.`)
  return keys
}
