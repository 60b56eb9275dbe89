import type { Reading } from '../../cache/reading.ts'
import { inFours } from '../../kernel/numbers.ts'
import type { Sheet } from '../operations.ts'
import { lastAct } from '../recovery.ts'
import type { RecoverySheetState, SheetChallenge } from './pages.ts'

/** Whether somebody has this sheet on paper, and what is asked of whoever says so. */
export function recoverySheetState(
  cache: Reading,
  sheet: Sheet | null,
  dice: Uint8Array,
  mistake: string | null = null,
): RecoverySheetState {
  const last = lastAct(cache, 'sheet-confirmed')
  const isConfirmed = sheet !== null && last?.detail === sheet.digest
  return {
    isHere: sheet !== null,
    confirmedAt: isConfirmed ? last.at : null,
    challenge: sheet && challengeOf(groupsOf(sheet).length, dice),
    mistake,
  }
}

/** What the picture on the sheet says, and whoever reads it by eye can type. */
export const sheetText = ({ archive, keys }: Sheet) =>
  `thywill recovery sheet 1\narchive ${archive}\n${keys.map(({ name, hex }) => `${name} ${hex}\n`).join('')}`

/** Whether these are the four characters at those places of this sheet. */
export function isOnSheet(sheet: Sheet, places: string, typed: string): boolean {
  const groups = groupsOf(sheet)
  const asked = placesIn(places)
  if (asked.length !== 4 || new Set(asked.map(nameOf)).size !== 4) return false
  const expected = asked.map(({ group, character }) => groups[group - 1]?.[character - 1] ?? '').join('')
  return expected.length === 4 && typed.replace(/\s/g, '').toLowerCase() === expected
}

type Place = SheetChallenge['asked'][number]

/** All groups of all keys, in the order in which they are numbered on the sheet. */
const groupsOf = ({ keys }: Sheet) => keys.flatMap(({ hex }) => inFours(hex))

const nameOf = ({ group, character }: Place) => `${group}.${character}`

/** Four different groups, in order, and a character of each. */
function challengeOf(count: number, dice: Uint8Array): SheetChallenge {
  const groups = new Set<number>()
  for (let turn = 0; groups.size < 4; turn++) groups.add((((dice[turn % 4] ?? 0) + turn) % count) + 1)
  const asked = [...groups]
    .sort((a, b) => a - b)
    .map((group, index) => ({ group, character: ((dice[4 + index] ?? 0) % 4) + 1 }))
  return { places: asked.map(nameOf).join(' '), asked }
}

const placesIn = (places: string): Place[] =>
  [...places.matchAll(/\b(\d{1,3})\.([1-4])\b/g)].map(([, group, character]) => ({
    group: Number(group),
    character: Number(character),
  }))
