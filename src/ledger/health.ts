import { AppendFailed } from '../archive/write.ts'
import { isOfText, type Trouble, trouble } from './standing.ts'

/** How an open ledger stands: what keeps it from writing or reading, and when it is tried again. */
export interface Health {
  /** What an operator should know first. */
  trouble(): Trouble | undefined
  /** Whether a batch may be tried: only writing shows whether a full disk has room again. */
  mayTry(): boolean
  /** Whether only a restart, or somebody, can help. */
  isFinal(): boolean
  /** The cache does not follow the archive. */
  isBehind(): boolean
  /** What is wrong with the text, so that no cache may be made of it. */
  lost(): Trouble | undefined
  /** Nobody writes any more, for good or until it is tried again. */
  stop(reason: Trouble): void
  /** Everything was looked at again, as a start does, and this was found. */
  judged(found: Trouble | undefined): void
  /** Whatever can pass has passed. */
  goOn(): void
  /** What is wrong with the pages of the cache: nothing can be read either. */
  damage(): Trouble | undefined
  setDamage(found: Trouble | undefined): void
  /** What a follower finds wrong with the text; it passes when the text is well again. */
  setAstray(found: Trouble | undefined): void
  /** Nothing is tried again. */
  end(): void
}

interface Healing {
  /** As the start found it. */
  readonly first: Trouble | undefined
  /** Milliseconds between two tries. */
  readonly every: number
  readonly tryAgain: () => void
  /** Told whenever it stands otherwise than it was told last. */
  readonly onChange: (found: Trouble | undefined) => void
  /** Told when writing has ended for good. */
  readonly whenFinal: () => void
}

export function healthOf({ first, every, tryAgain, onChange, whenFinal }: Healing): Health {
  let standing = first
  let damage: Trouble | undefined
  let astray: Trouble | undefined
  let probing: NodeJS.Timeout | undefined

  const isFinal = () => standing !== undefined && standing.why !== 'full' && standing.why !== 'cache'
  const tryLater = () => {
    probing ??= setInterval(tryAgain, every).unref()
  }
  let told = first
  const current = () => damage ?? astray ?? standing
  const tell = () => {
    const now = current()
    if (now?.sentence === told?.sentence) return
    told = now
    onChange(now)
  }
  const rest = () => {
    clearInterval(probing)
    probing = undefined
  }

  if (first && !isFinal()) tryLater()

  return {
    trouble: current,
    mayTry: () => !damage && (!standing || standing.why === 'full'),
    isFinal,
    isBehind: () => standing?.why === 'cache',
    lost: () => (standing && isOfText(standing) ? standing : undefined),
    stop(reason) {
      standing = reason
      if (isFinal()) whenFinal()
      else tryLater()
      tell()
    },
    judged(found) {
      standing = found
      astray = undefined
      if (found && !isFinal()) tryLater()
      else rest()
      tell()
    },
    goOn() {
      if (!isFinal()) standing = undefined
      rest()
      tell()
    },
    damage: () => damage,
    setDamage(found) {
      damage = found
      if (found) tryLater()
      tell()
    },
    setAstray(found) {
      astray = found
      tell()
    },
    end() {
      standing = trouble('read-only', 'This ledger was closed.')
      rest()
    },
  }
}

/** Why writing stops after an append that failed, or when the archive could not be opened again. */
export function troubleOf(failed: unknown): Trouble {
  if (!(failed instanceof AppendFailed)) {
    const why = failed instanceof Error ? failed.message : String(failed)
    return trouble('cache', `The archive could not be opened to write on (${why}); it is tried again.`)
  }
  if (failed.outcome === 'refused') return trouble('full', `${failed.message}: ${reason(failed)}`)
  const why = failed.outcome === 'unknown' ? 'unknown' : 'disturbed'
  return trouble(why, `${failed.message}${failed.cause ? `: ${reason(failed)}` : ''}`)
}

const reason = ({ cause }: Error) => (cause instanceof Error ? cause.message : String(cause))
