import { and, sql } from 'drizzle-orm'
import { given } from '../../cache/reading.ts'
import { prayers } from '../../records/prayers.ts'
import { separations } from '../../records/separations.ts'

/** What the reader asked, with or without their name, and has not taken back. `isMine` says the same, and no index helps it. */
export const isOwn = sql`(${prayers.state} <> 'withdrawn' and ${prayers.id} in (
  select own.id from ${prayers} as own where own.author = ${given('reader')}
  union all select value from json_each(${given('mine')})
))`

/** The same, and nobody has died: then nothing cheerful and nothing by itself is said of it. */
export const isSpokenOf = and(isOwn, sql`${prayers.outcome} is not 'died'`)

/** Whether the reader may know of this member. */
export const isKnown = (member: unknown) => sql`not exists (
  select 1 from ${separations}
  where ${separations.member} = ${given('reader')} and ${separations.other} = ${member}
)`
