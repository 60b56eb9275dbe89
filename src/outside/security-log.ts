import { createHmac } from 'node:crypto'
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { days, momentOf } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'

/** Somebody whom nobody knows was told no. `route` is the pattern of an address, never the address. */
export interface StrangerRefused {
  readonly what: string
  readonly route: string
  readonly from: string
}

export interface SecurityLog {
  write(refused: StrangerRefused): void
  close(): void
}

interface Options {
  readonly folder: string
  readonly source: Source
  readonly onFailure: (error: unknown) => void
  /** Of one file, in bytes: there are two of them at the most. */
  readonly most?: number
  /** Milliseconds that lines wait together. */
  readonly often?: number
}

/** Lines that wait: a flood that is quicker than the disk loses some, and the tally of the hour has them all the same. */
const mostWaiting = 256 * 1024

/**
 * Who was refused, a line each, in `security.log` and the one before it: a flood cannot fill the disk. Instead of an
 * address it says a word that is the same for one address on one day; the key of that is in memory alone.
 */
export function openSecurityLog({
  folder,
  source,
  onFailure,
  most = 1024 * 1024,
  often = 1_000,
}: Options): SecurityLog {
  const path = join(folder, 'security.log')
  let waiting = ''
  let daily = { day: -1, key: source.bytes(32) }
  let timer: NodeJS.Timeout | undefined

  function wordFor(address: string) {
    const day = Math.floor(source.now() / days)
    if (day !== daily.day) daily = { day, key: source.bytes(32) }
    return createHmac('sha256', daily.key).update(address).digest('hex').slice(0, 12)
  }

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const lines = waiting
    waiting = ''
    if (lines === '') return
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if (sizeOf(path) + lines.length > most) rotate(path)
      appendFileSync(path, lines, { mode: 0o600 })
    } catch (error) {
      onFailure(error)
    }
  }

  return {
    write({ what, route, from }) {
      if (waiting.length > mostWaiting) return
      waiting += `${momentOf(source.now())} ${what} ${route} from=${wordFor(from)}\n`
      timer ??= setTimeout(flush, often).unref()
    },
    close: flush,
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function rotate(path: string) {
  if (sizeOf(path) > 0) renameSync(path, `${path}.1`)
}
