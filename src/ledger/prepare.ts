import { join } from 'node:path'
import { Corruption } from '../archive/fault.ts'
import { archiveIdOf, findPosition } from '../archive/find.ts'
import { cursorOf } from '../cache/cursor.ts'
import { currentCache, pointTo, removeCache, removeUnfinished, reserveCache } from '../cache/generations.ts'
import { momentOf } from '../kernel/moment.ts'
import { promisedBy, usableCache } from './caches.ts'
import type { StartOptions } from './options.ts'
import { type RebuildWatch, rebuildWith } from './rebuild.ts'

export interface Prepared {
  /** Whether a cache had to be made; otherwise the one that is there fits. */
  readonly isNew: boolean
  readonly path: string
  /** The last record that it has seen. */
  readonly sequence: number
  readonly records: number
  readonly seconds: number
}

/**
 * The cache that this code needs, made while another version serves and writes: the restart then only catches up. Takes no
 * lock of the archive, and changes nothing but the pointer of this schema. Throws when the text is not well, or does not
 * hold what a cache here has seen.
 */
export async function prepareCache(options: StartOptions, watch: RebuildWatch): Promise<Prepared> {
  const { disk, archive, cache, catalogue, schemaHash, source } = options
  const { rebuild = rebuildWith(disk, catalogue.kinds) } = options
  const id = archiveIdOf(disk, archive)
  if (id === undefined) throw new Error(`There is no archive in ${archive} that could be read.`)
  disk.makeFolder(cache)
  const lock = disk.lock(join(cache, preparingName))
  if (!lock) throw new Error('Another process is preparing a version here already.')
  try {
    const fitting = fittingCache(options, id)
    if (fitting) return { isNew: false, ...fitting, records: 0, seconds: 0 }
    removeUnfinished(cache, schemaHash)
    const promised = promisedBy(cache, id)?.sequence ?? 0
    const order = { archive, path: reserveCache(cache, schemaHash), now: momentOf(source.now()) }
    const made = await rebuild(order, watch)
    const { records, seconds } = made
    if (made.safe.sequence < promised) {
      removeCache(made.path)
      if (made.fault) throw new Corruption(made.fault)
      throw new Error(`The archive does not hold record ${promised}, which a cache here has seen.`)
    }
    const path = pointTo(cache, schemaHash, made.path)
    return { isNew: true, path, sequence: made.safe.sequence, records, seconds }
  } finally {
    lock.release()
  }
}

/** Held while a cache is made beside a running server. */
export const preparingName = '.preparing'

function fittingCache({ disk, archive, cache, schemaHash }: StartOptions, id: string) {
  const found = usableCache(currentCache(cache, schemaHash), 'read')
  const cursor = found && cursorOf(found)
  found?.close()
  if (!found || cursor?.archive !== id || !findPosition(disk, archive, cursor)) return undefined
  return { path: found.path, sequence: cursor.sequence }
}
