import fc from 'fast-check'

/** Fails with the seed and the smallest counterexample it finds; `SEED=… npm test` runs the same cases again. */
export function holds(property: fc.IRawProperty<unknown>, runs = 200) {
  const seed = process.env.SEED
  fc.assert(property, { numRuns: runs, ...(seed && { seed: Number(seed) }) })
}
