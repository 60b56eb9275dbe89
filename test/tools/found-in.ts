import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files of this folder, and of all folders in it, that hold these words. */
export const foundIn = (folder: string, words: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(words))
