import type { Coverage, WorkKind } from '../operations.ts'
import type { RecoveryCoverage } from './pages.ts'

/** What each table comes from, and whether it is what a rebuild gives. */
export function recoveryCoverage(
  { comparedAt, tables }: Coverage,
  may: readonly WorkKind[],
): RecoveryCoverage {
  const isUnequal = tables.some(({ compared }) => compared?.isEqual === false)
  return {
    ...{ comparedAt, tables, mayCompare: may.includes('compare') },
    level: comparedAt === null ? 'unknown' : isUnequal ? 'due' : 'well',
    sentence: sentenceOf(comparedAt !== null, isUnequal),
  }
}

function sentenceOf(isCompared: boolean, isUnequal: boolean): string {
  if (!isCompared) return 'The cache was not compared with a fresh rebuild since the site started.'
  if (isUnequal) return 'Some tables are not what the text gives. A rebuild puts them right.'
  return 'Every table is, row for row, what a fresh rebuild gives.'
}
