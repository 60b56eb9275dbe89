import { stopwatch } from '../kernel/stamp.ts'

/** How long somebody waits for a page before it says that it takes longer. */
const patience = 1500

/** What took longer than that and was not fetched within so many seconds is out of date. */
const freshness = 60

/**
 * For what may take as long as there is text: answers it when it is there soon, and `undefined` while it is under way. It is
 * done once for all who ask meanwhile, and whoever asks next gets what came of it.
 */
export function soon<Result>(
  work: () => Promise<Result>,
  wait = patience,
): () => Promise<Result | undefined> {
  interface Turn {
    readonly result: Promise<Result>
    /** Seconds since it ended; `undefined` while it is under way. */
    sinceEnd: (() => number) | undefined
  }
  let turn: Turn | undefined

  function begin(): Turn {
    const begun: Turn = { result: work(), sinceEnd: undefined }
    const end = () => {
      begun.sinceEnd = stopwatch()
    }
    // Who asked may be gone when it fails; whoever asks next is told.
    begun.result.then(end, end)
    return begun
  }

  return async () => {
    if (!turn || (turn.sinceEnd?.() ?? 0) > freshness) turn = begin()
    const mine = turn
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), wait)
    })
    try {
      return await Promise.race([mine.result, late])
    } finally {
      clearTimeout(timer)
      if (mine.sinceEnd && turn === mine) turn = undefined
    }
  }
}
