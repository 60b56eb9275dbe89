import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/*
 * Caches are `<schema hash>-<n>.sqlite`, pointed to by `CURRENT-<schema hash>`: old and new code each find their own,
 * and a rebuild is a new file and a new pointer, never a rename over a live database.
 */

export const filePattern = /^([0-9a-f]{16})-(\d+)\.sqlite$/
const buildingPattern = /^([0-9a-f]{16})-(\d+)\.sqlite\.building$/
export const damagedPattern = /^([0-9a-f]{16})-(\d+)\.sqlite\.damaged(-wal)?$/
export const pointerPattern = /^CURRENT-([0-9a-f]{16})$/
export const announcedPattern = /^CURRENT-([0-9a-f]{16})\.tmp$/

/** The cache file that this schema hash points to; it may be missing or broken. */
export function currentCache(folder: string, schema: string): string | undefined {
  const name = nameIn(join(folder, `CURRENT-${schema}`))
  return filePattern.exec(name)?.[1] === schema ? join(folder, name) : undefined
}

/** What a pointer says; empty when there is none. */
export function nameIn(pointer: string): string {
  try {
    return readFileSync(pointer, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
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
  readonly number: number
  readonly isPointed: boolean
  readonly bytes: number
}

/** Every cache that lies in the folder, asked for or not. */
export function generationsIn(folder: string): Generation[] {
  const pointed = pointedCaches(folder).map((path) => basename(path))
  return readdirSync(folder).flatMap((name) => {
    const [, schema, number] = filePattern.exec(name) ?? []
    if (!schema) return []
    const bytes = statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
    return [{ name, schema, number: Number(number), isPointed: pointed.includes(name), bytes }]
  })
}

/**
 * Where a new cache will be: a name that was never used before for this schema. The file under which it is made is there at
 * once, so that the next one gets another name.
 */
export function reserveCache(folder: string, schema: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const numbers = readdirSync(folder).flatMap((name) => {
    const match = filePattern.exec(name) ?? buildingPattern.exec(name)
    return match?.[1] === schema ? Number(match[2]) : []
  })
  const path = join(folder, `${schema}-${Math.max(0, ...numbers) + 1}.sqlite`)
  writeFileSync(buildingFile(path), '', { flag: 'wx', mode: 0o600 })
  return path
}

/**
 * Where a cache is made, and where it stays until a pointer names it: under this name nobody prunes it, and what a killed
 * rebuild leaves is known by it.
 */
export const buildingFile = (path: string) => `${path}.building`

/** The name that a cache gets which was made, for whoever serves from it without pointing to it. */
export function finishBuilding(made: string): string {
  const path = made.replace(/\.building$/, '')
  if (path !== made) moveCache(made, path)
  return path
}

/** Removes what rebuilds for this schema left that did not end. Only while nobody builds for it. */
export function removeUnfinished(folder: string, schema: string): void {
  for (const name of readdirSync(folder)) {
    const base = name.replace(/-(wal|shm|journal)$/, '')
    const match = buildingPattern.exec(base) ?? announcedPattern.exec(base)
    if (match?.[1] === schema) rmSync(join(folder, name), { force: true })
  }
}

/**
 * From now on this schema is served from this file, also after a power cut. One that was made gets its name on the way:
 * the pointer that is about to be set names it already, for whoever prunes at that moment. Answers its path.
 */
export function pointTo(folder: string, schema: string, made: string): string {
  const path = made.replace(/\.building$/, '')
  const pointer = join(folder, `CURRENT-${schema}`)
  const text = `${basename(path)}\n`
  if (path === made && nameIn(pointer) === basename(path)) {
    // The same bytes in the same place need no room on a full disk. The time of the file says which version served last.
    writeFileSync(pointer, text, { flag: 'r+' })
    return path
  }
  const announced = `${pointer}.tmp`
  writeFileSync(announced, text, { mode: 0o600, flush: true })
  finishBuilding(made)
  // In this order on the disk, too: a pointer that names nothing would mean that nothing was ever promised.
  syncFolder(folder)
  renameSync(announced, pointer)
  syncFolder(folder)
  return path
}

function syncFolder(path: string) {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Removes a cache with what SQLite keeps beside it. */
export function removeCache(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true })
}

/** Keeps a damaged cache that nobody has open, for whoever wants to know why; only the last one, because they are large. */
export function setAside(path: string): void {
  const folder = dirname(path)
  for (const name of readdirSync(folder)) if (damagedPattern.test(name)) rmSync(join(folder, name))
  moveCache(path, `${path}.damaged`)
}

/** Of a cache that nobody has open: what SQLite logged beside it, which is part of it, goes first. */
function moveCache(from: string, to: string) {
  for (const ending of ['-wal', '']) if (existsSync(from + ending)) renameSync(from + ending, to + ending)
  removeCache(from)
}
