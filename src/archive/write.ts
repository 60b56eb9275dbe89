import { dirname, join } from 'node:path'
import type { Disk } from './disk.ts'
import { letGo, writeAll } from './file.ts'
import { segmentName } from './files.ts'
import { segmentHead } from './grammar.ts'
import type { Position } from './position.ts'
import type { Group } from './print.ts'

/**
 * Why nothing more was written. `refused`: the disk took nothing, and what it took was cut off again; the next try may
 * succeed. `unknown`: a sync failed, so nobody can tell what is on the disk. `disturbed`: somebody else wrote to the
 * open segment. After the last two this writer never writes again.
 */
export class AppendFailed extends Error {
  readonly outcome: 'refused' | 'unknown' | 'disturbed'

  constructor(outcome: 'refused' | 'unknown' | 'disturbed', what: string, cause?: unknown) {
    super(what, { cause })
    this.name = 'AppendFailed'
    this.outcome = outcome
  }
}

/** The only one who writes records. Needs the archive's lock, and a `head` that was read and verified. */
export interface Writer {
  /** Behind the last record on the disk. */
  readonly head: Position
  /**
   * Appends whole groups of one month with one fdatasync; when it resolves they are on the disk. Throws AppendFailed.
   * One call at a time.
   */
  append(groups: readonly Group[]): Promise<void>
  /** Throws AppendFailed when the open segment is not as this writer left it. */
  check(): void
  close(): void
}

interface OpenSegment {
  readonly name: string
  readonly path: string
  readonly file: number
}

export function openWriter(disk: Disk, folder: string, from: Position): Writer {
  let head = from
  let segment = from.month === '' ? undefined : openSegment(disk, folder, from.month)
  let modified = 0
  let broken: AppendFailed | undefined
  try {
    if (segment) modified = disk.measureOpen(segment.file).modified
    check()
  } catch (error) {
    if (segment) letGo(disk, segment.file)
    throw error
  }

  function check() {
    if (broken) throw broken
    if (!segment) return
    const is = disk.measureOpen(segment.file)
    const { name, path } = segment
    if (disk.measure(path)?.inode !== is.inode)
      throw fail('disturbed', `${name} was replaced by another file, or is gone`)
    if (is.size !== head.offset)
      throw fail('disturbed', `${name} has ${is.size} bytes where ${head.offset} were left`)
    if (is.modified !== modified) throw fail('disturbed', `${name} was changed by somebody else`)
  }

  function fail(outcome: 'unknown' | 'disturbed', what: string, cause?: unknown) {
    broken = new AppendFailed(outcome, what, cause)
    return broken
  }

  async function extend(open: OpenSegment, groups: readonly Group[]) {
    const bytes = Buffer.from(groups.map((group) => group.text).join(''))
    try {
      writeAll(disk, open.file, bytes)
    } catch (error) {
      await cutBack(open)
      throw new AppendFailed('refused', `${open.name} could not be written`, error)
    }
    try {
      await disk.sync(open.file)
    } catch (error) {
      throw fail('unknown', `${open.name} could not be synced`, error)
    }
    return head.offset + bytes.length
  }

  /** What was refused must not come back after a power cut, so the cut lasts before anybody is told. */
  async function cutBack({ name, file }: OpenSegment) {
    try {
      disk.truncate(file, head.offset)
      await disk.sync(file)
      modified = disk.measureOpen(file).modified
    } catch (failure) {
      throw fail('unknown', `${name} could not be cut back`, failure)
    }
  }

  async function begin(month: string, groups: readonly Group[]) {
    const name = segmentName(month)
    const path = join(folder, name)
    const bytes = Buffer.from(segmentHead(month, head) + groups.map((group) => group.text).join(''))
    if (harmless(() => disk.measure(path))) throw fail('disturbed', `${name} is there already`)
    const open = createSegment(name, path)
    try {
      writeAll(disk, open.file, bytes)
    } catch (error) {
      letGo(disk, open.file)
      takeBack(path)
      throw new AppendFailed('refused', `${path} could not be written`, error)
    }
    try {
      await disk.sync(open.file)
      disk.syncFolder(dirname(path))
    } catch (error) {
      letGo(disk, open.file)
      throw fail('unknown', `${path} could not be synced`, error)
    }
    if (segment) letGo(disk, segment.file)
    segment = open
    return bytes.length
  }

  function createSegment(name: string, path: string): OpenSegment {
    try {
      if (disk.measure(dirname(path)) === undefined) disk.makeFolder(dirname(path))
      disk.syncFolder(folder)
      return { name, path, file: disk.open(path, 'create') }
    } catch (error) {
      takeBack(path)
      throw new AppendFailed('refused', `${path} could not be created`, error)
    }
  }

  /** A segment without a record does not exist, and one that was refused does not come back. */
  function takeBack(path: string) {
    try {
      if (!disk.measure(path)) return
      disk.remove(path)
      disk.syncFolder(dirname(path))
    } catch (failure) {
      throw fail('unknown', `${path} could not be taken back`, failure)
    }
  }

  /** Before anything is written: when the disk cannot even be looked at, nothing has happened. */
  function harmless<Result>(look: () => Result): Result {
    try {
      return look()
    } catch (error) {
      if (error instanceof AppendFailed) throw error
      throw new AppendFailed('refused', 'the archive could not be looked at', error)
    }
  }

  return {
    get head() {
      return head
    },
    check,
    async append(groups) {
      const [first] = groups
      const last = groups.at(-1)
      if (!first || !last) return
      if (first.before.hash !== head.hash || first.month !== last.month || first.month < head.month)
        throw new RangeError('these groups do not follow the head')
      harmless(check)
      const isOpen = segment !== undefined && first.month === head.month
      const offset = isOpen && segment ? await extend(segment, groups) : await begin(first.month, groups)
      head = { ...last.after, month: first.month, offset }
      if (segment) modified = disk.measureOpen(segment.file).modified
    },
    close() {
      if (segment) letGo(disk, segment.file)
      segment = undefined
      broken ??= new AppendFailed('refused', 'this writer is closed')
    },
  }
}

function openSegment(disk: Disk, folder: string, month: string): OpenSegment {
  const name = segmentName(month)
  const path = join(folder, name)
  return { name, path, file: disk.open(path, 'append') }
}
