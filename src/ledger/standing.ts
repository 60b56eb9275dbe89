import { Refusal } from '../kernel/refusal.ts'

/** Why nothing can be saved just now, in the words of an operator; `at` says where to look. */
export interface Trouble {
  readonly why:
    | 'read-only' // asked for
    | 'elsewhere' // another process writes; this one follows
    | 'full' // the disk takes nothing; tried again by itself
    | 'unknown' // a sync failed; only a restart can tell what is on the disk
    | 'disturbed' // somebody else wrote into the archive
    | 'corrupt' // the text does not verify
    | 'unreadable' // a file of the text cannot be read
    | 'ahead' // the cache has seen records that the archive does not hold
    | 'clock' // the clock is more than five minutes behind the last record
    | 'newer' // a newer version wrote a critical record that this one does not know
    | 'cache' // the cache does not follow the archive; tried again by itself
    | 'damaged' // pages of the cache cannot be read; a new one is made by itself
  readonly sentence: string
}

export const trouble = (why: Trouble['why'], sentence: string): Trouble => ({ why, sentence })

/** Whether the text itself is not whole, as far as anybody can tell. */
export const isOfText = ({ why }: Trouble): boolean => ['corrupt', 'unreadable', 'ahead'].includes(why)

/** What each person reads who tried to save something; `outcome` is what happened to it. */
export function refused(outcome: 'not-saved' | 'unknown'): Refusal {
  if (outcome === 'unknown')
    return new Refusal('unknown-outcome', 'We cannot tell whether that saved. Look before you send it again.')
  return new Refusal('read-only', 'That did not save. Your words are still here.')
}
