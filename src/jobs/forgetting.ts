import type { Reading } from '../cache/reading.ts'
import { eraseApplication } from '../commands/applications.ts'
import { perform, type Recorder } from '../commands/command.ts'
import { momentOf } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'
import { erasedUpTo } from '../queries/applications.ts'
import type { Chore } from './nightly.ts'

interface Forgetting {
  cache(): Reading
  readonly record: Recorder
  readonly source: Source
}

/**
 * What is kept only for a while, and erased in the night after: every erasure has a new cache made. As long as nothing is
 * to be erased it counts as done just now.
 */
export const forgettingChores = ({ cache, record, source }: Forgetting): { readonly erasures: Chore } => ({
  erasures: {
    last: () => erasedUpTo(cache(), momentOf(source.now())),
    run: async (by) => void (await perform(record, eraseApplication, by, {})),
  },
})
