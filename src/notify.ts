import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Environment } from './config.ts'

/**
 * Tells systemd, where it waits to hear it (`Type=notify`), that the start is over, and what `systemctl status` shall
 * say. Node has no datagram sockets of the Unix kind, so systemd's own program speaks for us (docs/decisions/0009).
 * Answers with a sentence when it could not be told: that alone is no reason not to serve.
 */
export async function notifyReady(env: Environment, status: string): Promise<string | undefined> {
  if (!env.NOTIFY_SOCKET) return undefined
  // A line break would begin another assignment.
  const line = status.replaceAll(/\s+/g, ' ')
  try {
    await promisify(execFile)('systemd-notify', ['--ready', `--status=${line}`], { env })
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `NOTIFY_SOCKET is set, but nobody could be told that the site is ready: ${why.trim()}`
  }
}
