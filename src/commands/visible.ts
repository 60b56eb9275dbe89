import { Refusal } from '../kernel/refusal.ts'
import { maySee, type Seen } from '../queries/may-see.ts'
import { seenById } from '../queries/prayers.ts'
import type { Deciding } from './command.ts'

export const noSuchRequest = 'There is no such request.'

/** The request that somebody may see; what they may not see is answered exactly like what does not exist. */
export function visibleTo({ cache, actor, stamp }: Deciding, prayer: string): Seen {
  const found = seenById(cache, prayer)
  if (!found || !maySee(cache, stamp.keyring, actor, found)) throw new Refusal('not-found', noSuchRequest)
  return found
}
