import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { invalid } from '../kernel/refusal.ts'
import { acceptedBy, agreementNow } from '../queries/agreements.ts'
import { rulesAccepted } from '../records/settings.ts'
import { command, optional } from './command.ts'

const haveChanged = 'The rules have changed since you opened this page. Read them once more.'

const version = optional(
  z
    .string(haveChanged)
    .regex(/^\d{1,15}$/, haveChanged)
    .transform(Number),
)

/** Which words the page showed, so that nobody says yes to words that they have not seen. */
export const shownAgreement = z.object({ rules: version, privacy: version })

/** Says yes to the rules and the words on privacy as they are now. */
export const acceptRules = command({
  name: 'acceptRules',
  input: shownAgreement,
  decide({ cache, actor }, shown) {
    const now = agreedNow(cache, shown)
    const before = acceptedBy(cache, actor.member)
    const isSame = before?.rules === now.rules && before.privacy === now.privacy
    return { drafts: isSame ? [] : [rulesAccepted.of({ by: actor.member, ...now })], result: {} }
  },
})

/** The versions that somebody says yes to. Throws a Refusal when they were shown others. */
export function agreedNow(cache: Reading, shown: z.infer<typeof shownAgreement>) {
  const now = agreementNow(cache)
  const isShown = (shown.rules ?? now.rules) === now.rules && (shown.privacy ?? now.privacy) === now.privacy
  if (!isShown) throw invalid('rules', haveChanged)
  return now
}
