import type { Reading } from '../../cache/reading.ts'
import { counted, lasting } from '../../kernel/numbers.ts'
import { calledBy } from '../actors.ts'
import { type Act, recoveryActsBefore } from '../recovery.ts'
import type { HistoryEntry, RecoveryHistory } from './pages.ts'

/** What was done for archive and cache, newest first. */
export function recoveryHistory(cache: Reading, before: number | undefined): RecoveryHistory {
  const { acts, older } = recoveryActsBefore(cache, before)
  return {
    entries: acts.map(entryOf),
    isNewest: before === undefined,
    older: older === undefined ? null : `/admin/recovery/history?before=${older}`,
  }
}

function entryOf({
  sequence,
  at,
  act,
  by,
  byName,
  isWell,
  records,
  milliseconds,
  detail,
}: Act): HistoryEntry {
  const cost = [
    ...(records === null ? [] : [counted(records, 'record')]),
    ...(milliseconds === null ? [] : [lasting(milliseconds / 1000)]),
  ]
  const { words, isDue = !isWell, more = null } = said[act](detail ?? '', isWell)
  return {
    ...{ sequence, at, words, detail: more },
    level: isDue ? 'due' : 'well',
    by: by === null ? null : calledBy(by, byName),
    cost: cost.length > 0 ? cost.join(', ') : null,
  }
}

interface Said {
  readonly words: string
  /** Whether somebody should look at it. */
  readonly isDue?: boolean
  readonly more?: string
}

const said: { readonly [act in Act['act']]: (detail: string, isWell: boolean) => Said } = {
  verified: (detail, isWell) => ({
    words:
      (detail === 'deep' ? 'Every byte was read and the cache compared' : 'Every byte was read') +
      (isWell ? ', and all was well' : ': not all was well'),
  }),
  rebuilt: (detail) => ({ words: `The cache was rebuilt${reasons[detail] ?? ''}` }),
  'backed-up': (detail) => ({ words: 'A backup was made', more: `up to ${detail.slice(0, 16)}` }),
  restored: (detail) => ({
    words: 'The archive was put back from a backup',
    more: `up to ${detail.slice(0, 16)}`,
  }),
  upgraded: (detail) => ({ words: 'A new version was made ready to serve', more: `schema ${detail}` }),
  quarantined: (detail) => ({
    words: 'A write that never finished was put into quarantine',
    more: detail,
  }),
  'segment-restored': (detail) => ({ words: 'An edited month was put back from a backup', more: detail }),
  accepted: (detail) => ({ words: `Record ${detail} was accepted as somebody edited it` }),
  'sheet-confirmed': () => ({ words: 'The recovery sheet was confirmed' }),
  erased: (detail) => {
    const [record = '', why = ''] = detail.split(' ')
    return { words: `Words of record ${record} were erased`, more: erasedFor[why] ?? why }
  },
}

const reasons: Readonly<Record<string, string>> = {
  asked: ' because somebody asked for it',
  schema: ' for a new version',
  unusable: ' because the old one could not be used',
  missing: ' because there was none',
  erasure: ' because words were erased',
  key: ' because a key came back',
}

const erasedFor: Readonly<Record<string, string>> = {
  wish: 'at the wish of whoever wrote them',
  privacy: "for somebody's privacy",
  law: 'because the law asks for it',
  mistake: 'because they were written by mistake',
}
