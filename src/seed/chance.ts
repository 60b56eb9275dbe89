import { digest } from '../kernel/stamp.ts'

/** Where a made-up community gets its luck from: the same seed, the same luck. */
export interface Chance {
  /** At least 0, less than 1. */
  fraction(): number
  /** A whole number, at least 0, less than `limit`. */
  below(limit: number): number
  bytes(count: number): Uint8Array
}

/** Chris Doty-Humphrey's sfc32: fast, and more than good enough for what only has to look random. */
export function chanceOf(seed: string): Chance {
  const state = Uint32Array.from(digest(seed).match(/.{8}/g) ?? [], (hex) => Number.parseInt(hex, 16))
  let [a = 0, b = 0, c = 0, counter = 1] = state

  function next() {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  for (let round = 0; round < 12; round++) next()
  return {
    fraction: () => next() / 2 ** 32,
    below: (limit) => Math.floor((next() / 2 ** 32) * limit),
    bytes(count) {
      const bytes = new Uint8Array(count)
      for (let at = 0; at < count; at++) bytes[at] = next() >>> 24
      return bytes
    },
  }
}

export const happens = (chance: Chance, probability: number) => chance.fraction() < probability

export function oneOf<Thing>(chance: Chance, things: readonly Thing[]): Thing {
  const thing = things[chance.below(things.length)]
  if (thing === undefined) throw new RangeError('there is nothing to choose from')
  return thing
}

/** As long as one waits for what comes by itself, so often on average. */
export const waitOf = (chance: Chance, mean: number) => -mean * Math.log(1 - chance.fraction())

/** Half are below the median; the greater the spread, the longer the tail. */
export function aroundMedian(chance: Chance, median: number, spread: number) {
  const radius = Math.sqrt(-2 * Math.log(1 - chance.fraction()))
  return median * Math.exp(spread * radius * Math.cos(2 * Math.PI * chance.fraction()))
}

export function shuffled<Thing>(chance: Chance, things: readonly Thing[]): Thing[] {
  const left = [...things]
  return things.flatMap(() => left.splice(chance.below(left.length), 1))
}
