import { memberByName } from '../../src/queries/members.ts'
import { memberDeactivated } from '../../src/records/members.ts'
import type { Place } from './browser.ts'

/** Somebody is here no more. */
export async function isDeactivated({ here }: Pick<Place, 'here'>, name: string): Promise<void> {
  const member = memberByName(here.ledger.cache(), name)?.id ?? ''
  await here.ledger.record(() => ({ drafts: [memberDeactivated.of({ by: 'operator', member })], result: {} }))
}
