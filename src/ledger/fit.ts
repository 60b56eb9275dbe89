import { join } from 'node:path'
import type { Fault } from '../archive/fault.ts'
import { isFull } from '../archive/file.ts'
import type { Position } from '../archive/position.ts'
import { isUnfinished, quarantine, renewEnd } from '../archive/tail.ts'
import { Unreadable } from '../archive/unreadable.ts'
import { isDamage } from '../cache/damage.ts'
import { currentCache } from '../cache/generations.ts'
import { cursorIn, promisedBy } from './caches.ts'
import { finishRewriting, lookAtMonths } from './demands.ts'
import { endingsOf, type Seen } from './endings.ts'
import { decideEnd, unreadable } from './guard.ts'
import type { StartOptions } from './options.ts'
import { nameFor, tidy } from './pointing.ts'
import { cannotFollow, type Guarded, putAway, type Remade, type Roles, reach } from './reach.ts'
import { type Trouble, trouble } from './standing.ts'

export interface Fitted {
  readonly path: string
  readonly head: Position
  readonly trouble: Trouble | undefined
  /** Why this start made a cache, of how many records, and how long that took. */
  readonly rebuilt: Remade | undefined
  /** What was put away from the end of the text. */
  readonly quarantined: Quarantined | undefined
}

export interface Quarantined {
  readonly file: string
  /** The last record in front of it. */
  readonly behind: number
  readonly bytes: number
}

/** A cache that fits this code and this archive, caught up or made anew; and whether the archive may be written. */
export async function fitCache(options: StartOptions, guarded: Guarded, reports: string[]): Promise<Fitted> {
  const { cache, schemaHash } = options
  const { found, decision, roles } = guarded
  const path = currentCache(cache, schemaHash)
  const own = cursorIn(path)
  const promised = promisedBy(cache, found.id)
  const seen = { own: own?.archive === found.id ? own : undefined, promised }
  const renewed = await withRenewedEnd(options, guarded, promised)
  try {
    return await fit(options, renewed, seen, reports)
  } catch (error) {
    if (!path || !roles.isProjector || decision.do === 'make' || !isDamage(error)) throw error
    putAway(path, reports)
    const again = { ...guarded, decision: { do: 'make', why: 'unusable', sentence: madeAnew } } as const
    return fit(options, again, seen, reports)
  }
}

/** Nobody reads on or writes behind a text that is served as it is, so it is left as it is; and what cannot be renewed is. */
async function withRenewedEnd(
  { disk, archive }: StartOptions,
  guarded: Guarded,
  promised: Position | undefined,
): Promise<Guarded> {
  const { decision, roles } = guarded
  if (!roles.sealKey || decision.do === 'serve as it is') return guarded
  try {
    await renewEnd(disk, archive, promised)
    return guarded
  } catch (error) {
    const reason = whyNotRenewed(error)
    if (decision.do !== 'catch up' || !reason) throw error
    return { ...guarded, decision: { do: 'serve as it is', trouble: reason } }
  }
}

function whyNotRenewed(error: unknown): Trouble | undefined {
  if (error instanceof Unreadable) return unreadable(error)
  return isFull(error) ? trouble('cache', cannotFollow(error)) : undefined
}

const madeAnew = 'It is made anew from the archive.'

async function fit(options: StartOptions, guarded: Guarded, seen: Seen, reports: string[]): Promise<Fitted> {
  const { roles } = guarded
  const reached = await reach(options, guarded, reports)
  const { safe, rebuilt } = reached
  const endings = endingsOf(options, reached, seen)
  const first = decideEnd(endings)
  const reason = reached.trouble ?? first.trouble
  const quarantined =
    first.quarantine && roles.sealKey ? await putEndAway(options, first.quarantine, safe, reports) : undefined
  const named = nameFor(options, roles, reached.path, reason)
  const { path, unread } = reason ? { path: named } : await finishAll(options, roles, named, reports)
  const months =
    reason || unread || !roles.sealKey ? undefined : await lookAtMonths(options, roles.sealKey, path, reports)
  if (roles.isProjector) await tidy(options, path, reason, reports)
  const last = decideEnd({ ...endings, months, unread: endings.unread ?? unread })
  reports.push(...last.sentences)
  return { path, head: safe, trouble: reason ?? last.trouble, rebuilt, quarantined }
}

/** Nothing more is done where a month that is to be rewritten cannot be read; the cache that there is serves. */
async function finishAll(options: StartOptions, roles: Roles, path: string, reports: string[]) {
  try {
    return { path: await finishRewriting(options, roles, path, reports) }
  } catch (error) {
    if (error instanceof Unreadable) return { path, unread: error }
    throw error
  }
}

/** What of the end of the text no write finished goes to quarantine. */
async function putEndAway(
  { disk, archive }: StartOptions,
  fault: Fault,
  safe: Position,
  reports: string[],
): Promise<Quarantined> {
  const isOurs = isUnfinished(disk, archive, fault, safe)
  const name = await quarantine(disk, archive, fault, safe)
  reports.push(
    isOurs
      ? `The last write did not finish: everything behind record ${safe.sequence} was moved to ${name}.`
      : `Behind record ${safe.sequence} stood bytes that no write begins with: somebody else wrote them, or the power failed during a write. They were moved to ${name}.`,
  )
  return { file: name, behind: safe.sequence, bytes: disk.measure(join(archive, name))?.size ?? 0 }
}
