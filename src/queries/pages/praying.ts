import type { Card } from './cards.ts'
import type { Mistakes } from './mistakes.ts'

/** Prayer time, before it begins. */
export interface PrayerTime {
  /** How many requests one can choose. */
  readonly lengths: readonly number[]
  /** Where they were, when they left before the end. */
  readonly left: { readonly href: string; readonly place: number; readonly of: number } | null
}

/** One request, and nothing else. */
export interface PrayerStep {
  readonly card: Card
  readonly place: number
  readonly of: number
  /** The address of this step: "Prayed" is sent there. */
  readonly href: string
  readonly next: string
}

/** The end of it. */
export interface PrayerRest {
  /** For so many people this reader prayed since they began. */
  readonly people: number
  /** There was nothing to pray for. */
  readonly isEmpty: boolean
}

/** A word to whoever asked. */
export interface Encouraging {
  readonly card: Card
  readonly phrases: readonly string[]
  /** This reader has sent one today. */
  readonly isDone: boolean
  /** They will read that it came from somebody who prays unseen. */
  readonly isUnseen: boolean
  readonly mistakes: Mistakes<'phrase'>
}
