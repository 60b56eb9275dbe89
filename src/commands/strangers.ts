import * as z from 'zod'
import { writtenBy } from '../kernel/actor.ts'
import { strangersRefused } from '../records/strangers.ts'
import { command } from './command.ts'

/** How often strangers were refused since it was told last, and what they tried. */
export const tellStrangersRefused = command({
  name: 'tellStrangersRefused',
  input: z.object({ tallies: z.record(z.string().regex(/^[a-z-]{1,32}$/), z.int().positive()) }),
  decide: ({ actor }, { tallies }) => ({
    drafts: Object.entries(tallies).map(([what, times]) =>
      strangersRefused.of({ by: writtenBy(actor), what, times }),
    ),
    result: null,
  }),
})
