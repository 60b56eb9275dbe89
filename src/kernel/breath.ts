/** Lets whoever else waits in this thread have a turn. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
