import { type Actor, type Member, schedule } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Source, stopwatch } from '../kernel/stamp.ts'
import {
  type Operations,
  type Outcome,
  type Work,
  type WorkKind,
  type WorkPhase,
  workKinds,
} from '../queries/operations.ts'

/** Work that goes through the whole archive. */
export interface Job {
  readonly mayEnd: boolean
  /** Throws the signal's reason when it was ended. */
  run(watch: JobWatch): Promise<Done>
}

export interface JobWatch {
  readonly signal: AbortSignal
  onProgress(progress: JobProgress): void
}

export interface JobProgress {
  readonly phase: WorkPhase
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

/** What came of it, and how the history is told. */
export interface Done {
  readonly records: number
  readonly problems: number
  readonly differing: readonly string[] | null
  tell(actor: Actor, milliseconds: number): Promise<unknown>
}

export interface Workroom extends Pick<Operations, 'work' | 'may' | 'start' | 'end' | 'watch'> {
  /** Ends what is under way, waits until it has, and takes no more. */
  close(): Promise<void>
}

interface WorkroomOptions {
  readonly source: Source
  readonly jobs: Partial<Record<WorkKind, Job>>
  /** Told of what nobody foresaw. */
  readonly onDefect: (error: unknown) => void
}

/** Does one job after the other, and remembers how far it is and how the last one ended. */
export function openWorkroom({ source, jobs, onDefect }: WorkroomOptions): Workroom {
  const listeners = new Set<(work: Work) => void>()
  let now: Snapshot | undefined
  let running: Promise<void> | undefined
  let ending: AbortController | undefined
  let isClosed = false

  function start(kind: WorkKind, by: Member): boolean {
    const job = jobs[kind]
    if (!job || running || isClosed) return false
    const snapshot = snapshotOf(kind, by.name, momentOf(source.now()), job.mayEnd)
    const controller = new AbortController()
    now = snapshot
    ending = controller
    const ticking = setInterval(announce, 1000)
    running = outcomeOf(job, by, snapshot, controller.signal).then((outcome) => {
      clearInterval(ticking)
      snapshot.end(outcome)
      running = undefined
      announce()
    })
    return true
  }

  async function outcomeOf(job: Job, by: Member, snapshot: Snapshot, signal: AbortSignal): Promise<Outcome> {
    const elapsed = stopwatch()
    const ended = () => ({ at: momentOf(source.now()), seconds: elapsed() })
    try {
      const { tell, ...done } = await job.run({ signal, onProgress: snapshot.show })
      const { at, seconds } = ended()
      const unrecorded = await whyUnrecorded((actor) => tell(actor, Math.round(seconds * 1000)), by)
      return { is: 'done', at, seconds, ...done, unrecorded }
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { is: 'ended', ...ended() }
      onDefect(error)
      return { is: 'failed', ...ended(), why: error instanceof Error ? error.message : String(error) }
    }
  }

  async function whyUnrecorded(tell: (actor: Actor) => Promise<unknown>, by: Member): Promise<string | null> {
    try {
      await asWhoAsked(by, tell)
      return null
    } catch (error) {
      if (error instanceof Refusal) return error.message
      onDefect(error)
      return 'The history could not be written; the log says why.'
    }
  }

  function announce() {
    const work = now?.work()
    if (!work) return
    for (const listener of listeners) listener(work)
  }

  return {
    may: workKindsOf(jobs),
    start,
    work: () => now?.work() ?? null,
    end() {
      if (!running || !now?.work().mayEnd) return
      now.isEnding = true
      ending?.abort(new Error('Somebody ended it.'))
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      isClosed = true
      ending?.abort(new Error('The site is stopping.'))
      await running
    },
  }
}

/** The history has it in the name of who asked; when they signed out meanwhile, in that of the site itself. */
export async function asWhoAsked(by: Actor, tell: (actor: Actor) => Promise<unknown>): Promise<void> {
  try {
    await tell(by)
  } catch (error) {
    const isGone = error instanceof Refusal && (error.reason === 'sign-in' || error.reason === 'forbidden')
    if (!isGone) throw error
    await tell(schedule)
  }
}

interface Snapshot {
  isEnding: boolean
  show(progress: JobProgress): void
  end(outcome: Outcome): void
  work(): Work
}

/** How far a job is; rate and time to go are those of the phase it is in. */
function snapshotOf(kind: WorkKind, by: string, startedAt: string, mayEnd: boolean): Snapshot {
  let progress: JobProgress = { phase: 'starting', records: 0, bytes: 0, totalBytes: 0 }
  let elapsed = stopwatch()
  let outcome: Outcome | null = null
  const snapshot: Snapshot = {
    isEnding: false,
    show(given) {
      if (given.phase !== progress.phase) elapsed = stopwatch()
      progress = given
    },
    end(given) {
      outcome = given
    },
    work() {
      const { phase, records, bytes, totalBytes } = progress
      const isMeasured = phase === 'reading' || phase === 'comparing' || phase === 'copying'
      const share = isMeasured && totalBytes > 0 ? Math.min(1, bytes / totalBytes) : null
      const seconds = elapsed()
      return {
        ...{ kind, by, startedAt, phase, records, mayEnd, outcome, isEnding: snapshot.isEnding },
        percent: share === null ? null : Math.floor(share * 100),
        recordsPerSecond: share !== null && seconds > 0 ? Math.round(records / seconds) : null,
        etaSeconds: share ? Math.ceil((seconds * (1 - share)) / share) : null,
      }
    },
  }
  return snapshot
}

const workKindsOf = (jobs: Partial<Record<WorkKind, Job>>) => workKinds.filter((kind) => jobs[kind])
