import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { perform, type Recorder } from '../commands/command.ts'
import { tellSegmentRestored } from '../commands/recovery.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { asWhoAsked } from './work.ts'

/*
 * Months that were put back while nothing could be recorded, because something else was still wrong: a file in the cache
 * folder has them until the history can be told, also when another process does that.
 */

export interface Restored {
  readonly by: Actor
  readonly file: string
  readonly sha256: string
}

const pathIn = (cache: string) => join(cache, 'restored-months.json')

export const keepRestored = (cache: string, restored: Restored) => keep(cache, [...keptIn(cache), restored])

/** Tells the history of every one that is kept. What it does not take stays. */
export async function tellRestored(record: Recorder, cache: string): Promise<void> {
  for (let [first, ...others] = keptIn(cache); first; [first, ...others] = others) {
    const { by, ...told } = first
    try {
      await asWhoAsked(by, (actor) => perform(record, tellSegmentRestored, actor, told))
    } catch (error) {
      if (error instanceof Refusal) return
      throw error
    }
    keep(cache, others)
  }
}

function keep(cache: string, all: readonly Restored[]) {
  if (all.length === 0) rmSync(pathIn(cache), { force: true })
  else writeFileSync(pathIn(cache), `${JSON.stringify(all)}\n`, { mode: 0o600 })
}

function keptIn(cache: string): Restored[] {
  try {
    return JSON.parse(readFileSync(pathIn(cache), 'utf8')) as Restored[] // Only this file writes it.
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    )
      return []
    throw error
  }
}
