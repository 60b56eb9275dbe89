import type { Moment } from '../../kernel/moment.ts'
import type { WayIn } from '../../records/sessions.ts'
import type { LinkMade } from './sign-ins.ts'

/** Where somebody is signed in, as they know it again. */
export interface Device {
  readonly id: string
  readonly isThis: boolean
  /** What kind it seems to be; null when nobody knows. */
  readonly device: string | null
  /** How they came in; null in records of before it was said. */
  readonly how: WayIn | null
  readonly since: Moment
  /** Use is written down once a week, so nobody knows it better than this. */
  readonly used: 'this week' | 'within two weeks' | 'longer ago'
  /** Others use it, too; then it ends at `until`. */
  readonly isShared: boolean
  readonly until: Moment
}

/** My devices, this one first, and every sign-in link that was ever made for me. */
export interface Devices {
  readonly devices: readonly Device[]
  readonly links: readonly LinkMade[]
}
