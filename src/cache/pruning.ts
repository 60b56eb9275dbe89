import { readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  announcedPattern,
  damagedPattern,
  filePattern,
  nameIn,
  pointedCaches,
  pointerPattern,
} from './generations.ts'

/**
 * Removes what nobody will ask for any more: all generations but those that a pointer names, those in `keep` and the one
 * before the newest of them, and all of the other schemas but the newest. With `others` that one goes, too, and the generation before,
 * and what was set aside: after an erasure the words must not live on there. Nobody waits for the disk meanwhile: a large
 * file takes long to go.
 */
export async function prune(
  folder: string,
  schema: string,
  keep: readonly string[] = [],
  others = false,
): Promise<void> {
  const schemas = others ? [schema] : [schema, newestOther(folder, schema)]
  // In this order: whatever has got its name by now is announced, or pointed to already.
  const names = readdirSync(folder)
  const announced = names.flatMap((name) => (announcedPattern.test(name) ? nameIn(join(folder, name)) : []))
  const named = [...keep, ...announced, ...pointedCaches(folder)].map((path) => basename(path))
  const kept = new Set(others ? named : [...named, generationBefore(folder, schema, named)])
  for (const name of names) {
    if (others && damagedPattern.test(name)) await rm(join(folder, name), { force: true })
    const base = name.replace(/-(wal|shm|journal)$/, '')
    const match = filePattern.exec(base) ?? pointerPattern.exec(base)
    if (!match) continue
    const isAsked = schemas.includes(match[1]) && (pointerPattern.test(base) || kept.has(base))
    const isComing = !others && announced.includes(base)
    if (!isAsked && !isComing) await rm(join(folder, name), { force: true })
  }
}

/** The generation of this schema in front of the newest of these. */
function generationBefore(folder: string, schema: string, names: readonly string[]): string | undefined {
  const numberOf = (name: string) => {
    const match = filePattern.exec(name)
    return match?.[1] === schema ? Number(match[2]) : undefined
  }
  const newest = Math.max(0, ...names.flatMap((name) => numberOf(name) ?? []))
  const older = readdirSync(folder).filter((name) => (numberOf(name) ?? newest) < newest)
  return older.sort((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0))[0]
}

/** The schema, other than this one, whose pointer was set last: the one a rollback would ask for. */
function newestOther(folder: string, schema: string): string | undefined {
  const pointers = readdirSync(folder).flatMap((name) => {
    const other = pointerPattern.exec(name)?.[1]
    return other && other !== schema ? [{ other, at: statSync(join(folder, name)).mtimeMs }] : []
  })
  return pointers.sort((a, b) => b.at - a.at)[0]?.other
}
