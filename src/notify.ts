import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Environment } from './config.ts'

/**
 * Where systemd waits to hear it (`Type=notify`): the start is over, and this is what `systemctl status` shall say.
 * Node has no datagram sockets of the Unix kind, so systemd's own program speaks for us (docs/decisions/0009).
 */
export async function notifyReady(env: Environment, status: string): Promise<void> {
  if (!env.NOTIFY_SOCKET) return
  // A line break would begin another assignment.
  const line = status.replaceAll(/\s+/g, ' ')
  try {
    await promisify(execFile)('systemd-notify', ['--ready', `--status=${line}`], { env })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`systemd could not be told that the site is ready: ${why.trim()}`, { cause: error })
  }
}
