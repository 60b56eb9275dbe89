import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'

/*
 * Caches are `<schema hash>-<n>.sqlite`, pointed to by `CURRENT-<schema hash>`: old and new code each find their own,
 * and a rebuild is a new file and a new pointer, never a rename over a live database.
 */

const filePattern = /^([0-9a-f]{16})-(\d+)\.sqlite$/
const pointerPattern = /^CURRENT-([0-9a-f]{16})$/

/** The cache file that this schema hash points to; it may be missing or broken. */
export function currentCache(folder: string, schema: string): string | undefined {
  const pointer = join(folder, `CURRENT-${schema}`)
  if (!existsSync(pointer)) return undefined
  const name = readFileSync(pointer, 'utf8').trim()
  return filePattern.exec(name)?.[1] === schema ? join(folder, name) : undefined
}

/** Every cache that a pointer names, of any schema. */
export function pointedCaches(folder: string): string[] {
  if (!existsSync(folder)) return []
  const schemas = readdirSync(folder).flatMap((name) => pointerPattern.exec(name)?.[1] ?? [])
  return schemas.flatMap((schema) => currentCache(folder, schema) ?? []).filter((path) => existsSync(path))
}

/** One cache file of any schema. */
export interface Generation {
  readonly name: string
  readonly schema: string
  readonly isPointed: boolean
  readonly bytes: number
}

/** Every cache that lies in the folder, asked for or not. */
export function generationsIn(folder: string): Generation[] {
  const pointed = pointedCaches(folder).map((path) => basename(path))
  return readdirSync(folder).flatMap((name) => {
    const schema = filePattern.exec(name)?.[1]
    const bytes = schema ? (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) : 0
    return schema ? [{ name, schema, isPointed: pointed.includes(name), bytes }] : []
  })
}

/** A file name that was never used before for this schema. */
export function nextCache(folder: string, schema: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const numbers = readdirSync(folder).flatMap((name) => {
    const match = filePattern.exec(name)
    return match?.[1] === schema ? Number(match[2]) : []
  })
  return join(folder, `${schema}-${Math.max(0, ...numbers) + 1}.sqlite`)
}

/** From now on this schema is served from this file. */
export function pointTo(folder: string, schema: string, path: string): void {
  const pointer = join(folder, `CURRENT-${schema}`)
  writeFileSync(`${pointer}.tmp`, `${basename(path)}\n`, { mode: 0o600 })
  renameSync(`${pointer}.tmp`, pointer)
}

/** Removes a cache with what SQLite keeps beside it. */
export function removeCache(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true })
}

/**
 * Removes what nobody will ask for any more: generations that no pointer names, but for `keep`, and all of the other
 * schemas but the newest. With `others` that one goes, too: after an erasure the words must not live on there.
 */
export function prune(folder: string, schema: string, keep: readonly string[] = [], others = false): void {
  const schemas = others ? [schema] : [schema, newestOther(folder, schema)]
  const pointed = pointedCaches(folder).map((path) => basename(path))
  const kept = new Set([...keep.map((path) => basename(path)), ...pointed])
  for (const name of readdirSync(folder)) {
    const base = name.replace(/-(wal|shm|journal)$/, '')
    const match = filePattern.exec(base) ?? pointerPattern.exec(base)
    if (!match) continue
    const isAsked = schemas.includes(match[1]) && (pointerPattern.test(base) || kept.has(base))
    if (!isAsked) rmSync(join(folder, name))
  }
}

/** The schema, other than this one, whose pointer was set last: the one a rollback would ask for. */
function newestOther(folder: string, schema: string): string | undefined {
  const pointers = readdirSync(folder).flatMap((name) => {
    const other = pointerPattern.exec(name)?.[1]
    return other && other !== schema ? [{ other, at: statSync(join(folder, name)).mtimeMs }] : []
  })
  return pointers.sort((a, b) => b.at - a.at)[0]?.other
}
