/** Whose turn it is in an open ledger: tasks that need archive and cache for themselves, and batches between them. */
export interface Turns {
  /** Its turn comes when everything asked for before is done. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** Said during a turn: this one comes next, before whatever waits already. It must not throw. */
  next(work: () => Promise<void>): void
  /** Something waits for a batch. */
  wake(): void
  isBusy(): boolean
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

/** What is done whenever no task waits. */
export interface Batches {
  isDue(): boolean
  run(): Promise<void>
}

export function turnsFor(batches: Batches): Turns {
  const tasks: (() => Promise<void>)[] = []
  let running: Promise<void> | undefined

  function wake() {
    running ??= (async () => {
      // Whoever comes in the same moment shares the first batch.
      await Promise.resolve()
      try {
        while (tasks.length > 0 || batches.isDue()) await (tasks.shift() ?? batches.run)()
      } finally {
        running = undefined
      }
    })()
  }

  return {
    alone: (work) =>
      new Promise((resolve, reject) => {
        tasks.push(() => work().then(resolve, reject))
        wake()
      }),
    next: (work) => void tasks.unshift(work),
    wake,
    isBusy: () => running !== undefined,
    async idle() {
      while (running) await running
    },
  }
}
