import { randomInt } from 'node:crypto'

/** Whether every case is tried: `npm run thorough` does, `npm test` takes some. */
export const isThorough = process.env.THOROUGH === '1'

/**
 * One case of so many, others in each run; all of them in a thorough one. What is left out today is tried another day, and the
 * message of what fails names its case.
 */
export const someOf = <Case>(cases: readonly Case[], of: number): readonly Case[] =>
  isThorough ? cases : cases.filter(() => randomInt(of) === 0)
