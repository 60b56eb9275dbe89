import { untilChanged } from '../cache/unchanged.ts'
import { mayTry } from '../kernel/permissions.ts'
import { callsWaiting } from './calls.ts'
import type { Reader } from './cards.ts'
import { flagsWaiting } from './flags.ts'
import type { Care } from './pages/frame.ts'

/** What waits for this reader to look after, as their pages about it show it; null for whoever does not look after others. */
export function careOf(reading: Reader): Care | null {
  const { cache, keyring, reader } = reading
  if (!mayTry(reader, 'settleFlag')) return null
  const known = counts(cache)
  const name = [reader.member, reader.roles, keyring.isWhole].join(' ')
  const care = known.get(name) ?? { flags: flagsWaiting(reading), calls: callsWaiting(cache, reader.member) }
  known.set(name, care)
  return care
}

/** Every page of theirs shows it. */
const counts = untilChanged(() => new Map<string, Care>())
