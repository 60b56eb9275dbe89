import { randomInt } from 'node:crypto'

/** Whether every case is tried: `npm run thorough` does, `npm test` takes some. */
export const isThorough = process.env.THOROUGH === '1'

/**
 * One case of so many, rounded up, others in each run; all of them in a thorough one. What is left out today is tried another
 * day, and the message of what fails names its case.
 */
export function someOf<Case>(cases: readonly Case[], of: number): readonly Case[] {
  if (isThorough) return cases
  const chosen = new Set<number>()
  while (chosen.size < Math.ceil(cases.length / of)) chosen.add(randomInt(cases.length))
  return cases.filter((_, index) => chosen.has(index))
}
