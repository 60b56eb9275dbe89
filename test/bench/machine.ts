import { availableParallelism, cpus, release, type as system, totalmem } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'

/** What a figure was measured on, in one line; `busy` is the most `otherWork` around it. */
export function describeMachine(busy: number): string {
  const [processor] = cpus()
  const disturbed = busy > 0.1 ? ' **The machine was busy: take these figures with care.**' : ''
  const parts = [
    new Date().toISOString().slice(0, 10),
    `${availableParallelism()} cores of ${processor?.model.trim() ?? 'an unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${system()} ${release()}`,
    `Node ${process.versions.node}`,
    `other work before or after: ${Math.round(busy * 100)} % of all cores`,
  ]
  return `${parts.join(', ')}.${disturbed}`
}

/**
 * The share of all cores that somebody else uses, looked at for a second in which we wait. The load average would still
 * tell of the benchmark before.
 */
export async function otherWork(): Promise<number> {
  const before = ticks()
  await wait(1000)
  const after = ticks()
  const all = after.all - before.all
  return all === 0 ? 0 : 1 - (after.idle - before.idle) / all
}

function ticks() {
  let [idle, all] = [0, 0]
  for (const { times } of cpus()) {
    idle += times.idle
    for (const spent of Object.values(times)) all += spent
  }
  return { idle, all }
}
