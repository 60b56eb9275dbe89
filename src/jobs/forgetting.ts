import type { Reading } from '../cache/reading.ts'
import { eraseApplications, lapseApplications } from '../commands/applications.ts'
import { perform, type Recorder } from '../commands/command.ts'
import { type Moment, momentOf } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'
import { erasedUpTo, lapsedUpTo } from '../queries/applications.ts'
import type { Chore } from './nightly.ts'

interface Forgetting {
  cache(): Reading
  readonly record: Recorder
  readonly source: Source
}

/**
 * What is kept only for a while: in the night after, applications that nobody answered lapse, and the words of others are
 * erased, all at once, for every erasure has a new cache made. As long as there is nothing to do it counts as done just now.
 */
export const forgettingChores = ({
  cache,
  record,
  source,
}: Forgetting): { readonly lapses: Chore; readonly erasures: Chore } => ({
  lapses: {
    last: () => lapsedUpTo(cache(), momentOf(source.now())),
    run: async (by) => void (await perform(record, lapseApplications, by, {})),
  },
  erasures: {
    last: () => erasedUpTo(cache(), momentOf(source.now())),
    run: async (by) => void (await perform(record, eraseApplications, by, {})),
  },
})

/** Requests that were begun and never shared. No record says when it was done last, so it is done after each start, too. */
export function draftChore(drafts: { forgetOld(): void }, source: Source): Chore {
  let last: Moment | undefined
  return {
    last: () => last,
    async run() {
      drafts.forgetOld()
      last = momentOf(source.now())
    },
  }
}
