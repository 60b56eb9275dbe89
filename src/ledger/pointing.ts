import { join } from 'node:path'
import { finishBuilding, generationsIn, pointTo } from '../cache/generations.ts'
import { prune } from '../cache/pruning.ts'
import { cursorIn } from './caches.ts'
import type { StartOptions } from './options.ts'
import type { Roles } from './reach.ts'
import { isOfText, type Trouble } from './standing.ts'

const isBent = (reason: Trouble | undefined) => reason !== undefined && isOfText(reason)

/** A cache that ends where the text is bent must not stand for everything that was ever promised: no pointer names it. */
export function nameFor(
  { cache, schemaHash }: StartOptions,
  { isProjector }: Roles,
  path: string,
  reason: Trouble | undefined,
): string {
  if (!isProjector) return path
  return isBent(reason) ? finishBuilding(path) : pointTo(cache, schemaHash, path)
}

/** Caches that nobody will ask for. What cannot be removed is in nobody's way, and every start tries it again. */
export async function tidy(
  { cache, schemaHash }: StartOptions,
  path: string,
  reason: Trouble | undefined,
  reports: string[],
): Promise<void> {
  try {
    // One that is behind knows too little of the others to have them all removed.
    const areOld = !isBent(reason) && reason?.why !== 'cache' && !areOfTheSameText(cache, path)
    await prune(cache, schemaHash, [path], areOld)
  } catch (error) {
    reports.push(`An old cache could not be removed: ${error instanceof Error ? error.message : error}.`)
  }
}

/** Whether all the other caches were made when as many words had been erased, and as many edits accepted, as for this one. */
function areOfTheSameText(folder: string, path: string): boolean {
  const own = cursorIn(path)
  return generationsIn(folder).every(({ name }) => {
    const cursor = cursorIn(join(folder, name))
    return cursor?.erasures === own?.erasures && cursor?.accepted === own?.accepted
  })
}
