import * as z from 'zod'
import { Refusal } from '../kernel/refusal.ts'
import { maySee, type Seen } from '../queries/may-see.ts'
import { seenById } from '../queries/prayers.ts'
import type { Deciding } from './command.ts'

const noSuchRequest = 'There is no such request.'

/** The id of a request, as its address gives it. */
export const prayer = z.string(noSuchRequest)

/** The request that somebody may see; what they may not see is answered exactly like what does not exist. */
export function visibleTo<Found extends Seen>(
  asked: Deciding,
  prayer: string,
  ask: (cache: Deciding['cache'], prayer: string) => Found | undefined,
): Found
export function visibleTo(asked: Deciding, prayer: string): Seen
export function visibleTo({ cache, actor, stamp }: Deciding, prayer: string, ask = seenById): Seen {
  const found = ask(cache, prayer)
  if (!found || !maySee(cache, stamp.keyring, actor, found)) throw new Refusal('not-found', noSuchRequest)
  return found
}
