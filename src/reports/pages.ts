import { existsSync } from 'node:fs'
import { isDamage } from '../cache/damage.ts'
import { openReader } from '../cache/open.ts'

/** What SQLite finds wrong with the pages of this file; null when they are in order, or it is gone. Reads all of it. */
export function damageIn(path: string): string | null {
  if (!existsSync(path)) return null
  const cache = openReader(path)
  try {
    const found = String(cache.sqlite.pragma('quick_check(1)', { simple: true }))
    // What it finds is told in lines: one is enough to know that another cache is needed.
    return found === 'ok' ? null : (found.split('\n').at(-1) ?? found)
  } catch (error) {
    if (isDamage(error)) return error.message
    throw error
  } finally {
    cache.close()
  }
}
