import type { Member } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { authorIn } from '../queries/nameless.ts'
import { type RequestNow, requestNow } from '../queries/requests.ts'
import { belonging } from '../queries/sealed-words.ts'
import type { Deciding } from './command.ts'
import { visibleTo } from './visible.ts'

export const takenBack = 'You took this back. Bring it back first.'

/** The whole of a request that somebody has in sight. */
export const requestInSight = (asked: Deciding, prayer: string): RequestNow =>
  visibleTo(asked, prayer, requestNow)

export interface OwnRequest {
  readonly row: RequestNow
  /** Who writes about it: "someone" when it was asked without a name. */
  readonly by: string
  /** Words about it as the archive keeps them: sealed when the request is. */
  kept(kind: `prayer.${string}`, field: string, words: string): string
}

/** One's own request, for whoever wants to do something about it. */
export function ownRequest(asked: Deciding<Member>, prayer: string): OwnRequest {
  const row = requestInSight(asked, prayer)
  if (!isAuthor(asked, row)) throw new Refusal('forbidden', 'Only whoever asked for this can do that.')
  return {
    row,
    by: writerOf(asked, row),
    kept: (kind, field, words) =>
      row.sees === 'everyone' ? words : asked.stamp.seal(belonging(row.id, field, kind), words),
  }
}

/** Whether this member asked for this. */
export const isAuthor = ({ actor, stamp }: Deciding<Member>, row: RequestNow) =>
  authorIn(stamp.keyring, row) === actor.member

/** Who stands in the record when its author does something about a request. */
export const writerOf = ({ actor }: Deciding<Member>, row: RequestNow) =>
  row.author === null ? 'someone' : actor.member
