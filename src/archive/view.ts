import { join, relative, sep } from 'node:path'
import type { Disk, Listed } from './disk.ts'

/**
 * The disk as it will look when every file of an archive is at its name: `places` says where each of them, by its name in
 * this folder, lies until then. Only for reading.
 */
export function viewOf(disk: Disk, folder: string, places: ReadonlyMap<string, string>): Disk {
  const nameOf = (path: string) => relative(folder, path).split(sep).join('/')
  const never = (): never => {
    throw new Error('a view of a disk is only for reading')
  }
  return {
    ...disk,
    list(path) {
      const inside = nameOf(path)
      const found = new Map<string, Listed>()
      for (const name of places.keys()) {
        if (inside !== '' && !name.startsWith(`${inside}/`)) continue
        const [first = '', ...deeper] = name.slice(inside === '' ? 0 : inside.length + 1).split('/')
        found.set(first, { name: first, isFolder: deeper.length > 0, isFile: deeper.length === 0 })
      }
      return [...found.values()]
    },
    measure(path) {
      const place = places.get(nameOf(path))
      return place === undefined ? undefined : disk.measure(place)
    },
    open: (path, how) => (how === 'read' ? disk.open(places.get(nameOf(path)) ?? path, how) : never()),
    ...{ makeFolder: never, write: never, truncate: never, sync: never, rename: never, remove: never },
    ...{ removeFolder: never, protect: never, lock: never },
  }
}

/** Where the files with these names lie when nothing about them is unfinished. */
export const placesIn = (folder: string, names: readonly string[]): Map<string, string> =>
  new Map(names.map((name) => [name, join(folder, name)]))
