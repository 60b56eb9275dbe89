import { join } from 'node:path'
import type { Disk } from '../../archive/disk.ts'
import { isKeptAside } from '../../archive/files.ts'
import { counted, size } from '../../kernel/numbers.ts'
import { type Finding, watch } from './finding.ts'

const dayOfMilliseconds = 86_400_000

/** What restores have kept aside in these folders, each restore once: nothing takes it away by itself. */
export function checkKeptAside(disk: Disk, folders: readonly string[], now: number): readonly Finding[] {
  const restores = new Map<string, string[]>()
  for (const folder of folders)
    for (const { name, isFolder } of disk.list(folder))
      if (isFolder && isKeptAside(name))
        restores.set(name, [...(restores.get(name) ?? []), join(folder, name)])
  return [...restores].sort().map(([name, paths]) => {
    const bytes = paths.reduce((sum, path) => sum + bytesIn(disk, path), 0)
    return watch(
      'restores',
      `What stood here before a restore${ageOf(name, now)} is kept: ${size(bytes)} in ${paths.join(', ')}.`,
      'Take it away when nobody misses it; until then ./thywill restore of the one in the archive brings it back.',
    )
  })
}

/** The name says when, with hyphens where a file name cannot have what a time has. */
function ageOf(name: string, now: number): string {
  const at = Date.parse(name.replace(/^before-restore-/, '').replace(/T(\d\d)-(\d\d)-(\d\d)-/, 'T$1:$2:$3.'))
  if (Number.isNaN(at)) return ''
  const days = Math.floor((now - at) / dayOfMilliseconds)
  return days < 1 ? ' within the last day' : ` ${counted(days, 'day')} ago`
}

function bytesIn(disk: Disk, folder: string): number {
  let bytes = 0
  for (const { name, isFolder, isFile } of disk.list(folder)) {
    const path = join(folder, name)
    if (isFolder) bytes += bytesIn(disk, path)
    else if (isFile) bytes += disk.measure(path)?.size ?? 0
  }
  return bytes
}
