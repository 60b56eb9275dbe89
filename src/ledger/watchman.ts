import { join } from 'node:path'
import type { Disk, Measure } from '../archive/disk.ts'
import { archiveFiles } from '../archive/files.ts'

/** Remembers how the closed months were left, and sees when somebody touched one; the open month is its writer's to check. */
export interface Watchman {
  /** The closed segments are now as the writer wants them. */
  note(): void
  /** The first closed segment that is not as it was left, in a sentence; `undefined` when all are. */
  look(): string | undefined
}

export function watchman(disk: Disk, folder: string): Watchman {
  let left = new Map<string, Measure>()
  const measures = () => {
    const found = new Map<string, Measure>()
    for (const { name } of archiveFiles(disk, folder).segments.slice(0, -1)) {
      const measure = disk.measure(join(folder, name))
      if (measure) found.set(name, measure)
    }
    return found
  }
  return {
    note() {
      left = measures()
    },
    look() {
      const found = measures()
      for (const [name, was] of left) {
        const is = found.get(name)
        if (!is) return `${name} is gone.`
        if (is.inode !== was.inode) return `${name} was replaced by another file.`
        if (is.size !== was.size) return `${name} has ${is.size} bytes, and ${was.size} were left.`
        if (is.modified !== was.modified) return `${name} was changed by somebody else.`
      }
      const stranger = [...found.keys()].find((name) => !left.has(name))
      return stranger && `${stranger} was put there by somebody else.`
    },
  }
}
