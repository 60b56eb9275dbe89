import type { Segment } from '../operations.ts'
import type { Level, RecoverySegments } from './pages.ts'

/** The months of the archive and whether their seals hold. */
export const recoverySegments = (segments: readonly Segment[]): RecoverySegments => ({
  segments: segments.toReversed().map(({ month, file, records, bytes, seal }) => ({
    ...{ month, file, records, bytes, level: seals[seal].level, seal: seals[seal].words },
    isSealed: seal !== 'open' && seal !== 'missing',
  })),
  records: segments.reduce((sum, { records }) => sum + records, 0),
  bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
})

const seals: { readonly [seal in Segment['seal']]: { readonly level: Level; readonly words: string } } = {
  unread: { level: 'wrong', words: 'the file cannot be read, or its seal' },
  open: { level: 'unknown', words: 'written to; sealed when the month is over' },
  good: { level: 'well', words: 'sealed, and the signature is good' },
  missing: { level: 'due', words: 'over, and not sealed yet' },
  bent: { level: 'wrong', words: 'the seal is bent, or its signature is not good' },
  unlike: { level: 'wrong', words: 'the file is not as long as its seal says' },
  foreign: { level: 'wrong', words: 'sealed with a key that this archive does not name' },
}
