import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/*
 * Imported first by a thread whose work can wait: where another thread wants a core, pages go before. Only Linux has a
 * priority for each thread, and only there a thread finds its own number; elsewhere the call would mean the process.
 */

const later = 10

if (process.platform === 'linux') setPriority(numberOfThisThread(), later)

/** The link reads `<process>/task/<thread>`. */
function numberOfThisThread(): number {
  return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
}
