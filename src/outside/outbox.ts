/** A mail of plain words to one person. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly words: string
}

/** Takes letters and sees to them by itself: whoever gives one waits for nothing, and never hears how it went. */
export interface Outbox {
  send(letter: Letter): void
  /** Lets what is under way end; what still waits for another try is let go. */
  close(): Promise<void>
}

/** One try to hand a letter to the mail server. */
export type Carrier = (letter: Letter) => Promise<void>

/** Why a letter was not taken, without a word of it and without its address. */
export interface NotSent {
  readonly code: string
  readonly status: number | undefined
  readonly tries: number
}

interface Options {
  readonly carry: Carrier
  readonly onFailure: (why: NotSent) => void
  /** Milliseconds before each further try. Most letters hold a number that is good for ten minutes. */
  readonly pauses?: readonly number[]
}

/** More than that waits only when the mail server is down and somebody plays with the form: the newest are dropped. */
const most = 1_000
const atOnce = 3

/** A queue in memory. What it says of a letter that was not sent is why, and nothing of the letter. */
export function openOutbox({ carry, onFailure, pauses = [5_000, 30_000, 120_000] }: Options): Outbox {
  const waiting: { readonly letter: Letter; readonly tries: number }[] = []
  const pausing = new Set<NodeJS.Timeout>()
  const underWay = new Set<Promise<void>>()
  let isOpen = true

  function put(letter: Letter, tries: number) {
    if (waiting.length + pausing.size >= most) return onFailure({ code: 'FULL', status: undefined, tries })
    waiting.push({ letter, tries })
    next()
  }

  function next() {
    while (isOpen && underWay.size < atOnce) {
      const first = waiting.shift()
      if (!first) return
      const work = attempt(first.letter, first.tries + 1).finally(() => {
        underWay.delete(work)
        next()
      })
      underWay.add(work)
    }
  }

  async function attempt(letter: Letter, tries: number) {
    try {
      await carry(letter)
    } catch (error) {
      const why = { ...reasonOf(error), tries }
      const pause = isForGood(why) ? undefined : pauses[tries - 1]
      if (pause === undefined || !isOpen) return onFailure(why)
      const timer = setTimeout(() => {
        pausing.delete(timer)
        put(letter, tries)
      }, pause)
      pausing.add(timer.unref())
    }
  }

  return {
    send: (letter) => put(letter, 0),
    async close() {
      isOpen = false
      for (const timer of pausing) clearTimeout(timer)
      await Promise.all(underWay)
    },
  }
}

/** Its message may hold the address: only these two words of it are looked at. */
function reasonOf(error: unknown) {
  const { code, responseCode } = Object(error) as { code?: unknown; responseCode?: unknown }
  return {
    code: String(code ?? 'UNKNOWN'),
    status: typeof responseCode === 'number' ? responseCode : undefined,
  }
}

/** The server has said that it will never take this one. */
const isForGood = ({ status }: { readonly status: number | undefined }) =>
  status !== undefined && status >= 500
