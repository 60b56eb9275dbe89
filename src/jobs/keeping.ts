import type { Reading } from '../cache/reading.ts'
import { perform, type Recorder } from '../commands/command.ts'
import { tellBackedUp, tellQuarantined, tellRebuilt, tellVerified } from '../commands/recovery.ts'
import { type Actor, schedule } from '../kernel/actor.ts'
import { lastScheduled } from '../queries/recovery.ts'
import type { Chore } from './nightly.ts'

/** How keeping the archive well is done; none of it in the thread that serves people. */
export interface Keeping {
  cache(): Reading
  readonly record: Recorder
  /** Compares the months that are over with their seals; writing stops when one differs. */
  inspect(): Promise<void>
  backUp(): Promise<{ records: number; head: string; bytes: number; seconds: number }>
  verify(): Promise<{ records: number; problems: readonly unknown[]; seconds: number }>
}

/** A backup and a look at every byte of the archive: what a night is for. */
export const keepingChores = (
  keeping: Keeping,
): { readonly backups: Chore; readonly verifications: Chore } => ({
  backups: {
    last: () => lastScheduled(keeping.cache(), 'backed-up')?.at,
    run: (by) => backUp(keeping, by),
  },
  verifications: {
    last: () => lastScheduled(keeping.cache(), 'verified')?.at,
    run: (by) => verify(keeping, by),
  },
})

/**
 * Keeps in the history what a verification has found. What is wrong with a month that is over then stops the writing, as it
 * does at a start: bits that rot change neither length nor time, so nobody else notices. Told first, while it still can be.
 */
export async function tellOfVerification(
  { record, inspect }: Pick<Keeping, 'record' | 'inspect'>,
  by: Actor,
  told: { readonly records: number; readonly problems: number; readonly milliseconds: number },
): Promise<void> {
  try {
    await perform(record, tellVerified, by, told)
  } finally {
    if (told.problems > 0) await inspect()
  }
}

/** What a start had to do before it could serve. */
export interface Begun {
  readonly schemaHash: string
  readonly rebuilt:
    | {
        readonly why: 'missing' | 'schema' | 'unusable' | undefined
        readonly records: number
        readonly seconds: number
      }
    | undefined
  readonly quarantined: { readonly file: string; readonly behind: number; readonly bytes: number } | undefined
}

/** Keeps it in the history. Throws a Refusal when nothing can be saved. */
export async function tellOfStart(record: Recorder, { schemaHash, rebuilt, quarantined }: Begun) {
  if (quarantined) await perform(record, tellQuarantined, schedule, quarantined)
  if (!rebuilt?.why) return
  const { why, records, seconds } = rebuilt
  const milliseconds = Math.round(seconds * 1000)
  await perform(record, tellRebuilt, schedule, { why, schema: schemaHash, records, milliseconds })
}

async function backUp({ record, ...keeping }: Keeping, by: Actor) {
  const { records, head, bytes, seconds } = await keeping.backUp()
  await perform(record, tellBackedUp, by, { records, head, bytes, milliseconds: Math.round(seconds * 1000) })
}

async function verify({ record, ...keeping }: Keeping, by: Actor) {
  const { records, problems, seconds } = await keeping.verify()
  const figures = { records, problems: problems.length, milliseconds: Math.round(seconds * 1000) }
  await tellOfVerification({ record, inspect: keeping.inspect }, by, figures)
}
