import * as z from 'zod'
import { isMoment } from '../kernel/moment.ts'
import { dueToRest } from '../queries/lapses.ts'
import { prayerRested } from '../records/prayer-states.ts'
import { command } from './command.ts'

/** Puts requests to rest that were to lapse by this moment: so many at once that nobody has to wait for it. */
export const restLapsed = command({
  name: 'restLapsed',
  input: z.object({ upTo: z.string().refine(isMoment) }),
  decide({ cache }, { upTo }) {
    const due = dueToRest(cache, upTo)
    const drafts = due.map(({ id }) => prayerRested.of({ by: 'schedule', prayer: id }))
    return { drafts, result: { rested: due.length } }
  },
})
