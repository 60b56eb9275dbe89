import type { Disk } from '../archive/disk.ts'
import type { Fault } from '../archive/fault.ts'
import { archiveFiles } from '../archive/files.ts'
import type { ReadEnd } from '../archive/segment.ts'
import { isUnfinished } from '../archive/tail.ts'
import { corrupt } from './guard.ts'
import type { Trouble } from './standing.ts'

/**
 * What a process that only follows makes of how its reading ended. A write of the other process may be under way there,
 * so only what the next look finds again, and what is no beginning of a write, is corruption.
 */
export function faultJudge(disk: Disk, folder: string): (end: ReadEnd) => Trouble | undefined {
  let before: Fault | undefined
  return ({ safe, fault }) => {
    const stays = fault?.file === before?.file && fault?.offset === before?.offset
    before = fault
    if (!fault || !stays) return undefined
    const isLast = fault.file === archiveFiles(disk, folder).segments.at(-1)?.name
    return isLast && isUnfinished(disk, folder, fault, safe) ? undefined : corrupt(fault)
  }
}
