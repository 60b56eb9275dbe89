import fc from 'fast-check'

/** Fails with the seed and the smallest counterexample it finds; `SEED=… npm test` runs the same cases again. */
export function holds(property: fc.IRawProperty<unknown, false>, runs = 200): void {
  fc.assert(property, { numRuns: runs, ...seeded() })
}

/** The same for a property whose every case takes so long that no smaller counterexample is looked for. */
export async function holdsSlowly(property: fc.IRawProperty<unknown, true>, runs: number): Promise<void> {
  await fc.assert(property, { numRuns: runs, endOnFailure: true, ...seeded() })
}

/** The same for a property that waits. */
export async function holdsAsync(property: fc.IRawProperty<unknown, true>, runs = 200): Promise<void> {
  await fc.assert(property, { numRuns: runs, ...seeded() })
}

const seeded = () => (process.env.SEED ? { seed: Number(process.env.SEED) } : {})
