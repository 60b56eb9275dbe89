import { eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { acceptances } from '../records/settings.ts'
import { settingNow } from './settings.ts'

/** Which rules and which words on privacy: each by the record that set it, 0 for those that the site came with. */
export interface Agreement {
  readonly rules: number
  readonly privacy: number
}

const ofMember = prepared((db) =>
  db
    .select({ rules: acceptances.rules, privacy: acceptances.privacy })
    .from(acceptances)
    .where(eq(acceptances.member, given('member')))
    .prepare(),
)

/** Those that count now. */
export const agreementNow = (cache: Reading): Agreement => ({
  rules: settingNow(cache, 'rules').sequence,
  privacy: settingNow(cache, 'privacy').sequence,
})

/** Those that this member has said yes to. */
export const acceptedBy = (cache: Reading, member: string): Agreement | undefined =>
  ofMember(cache).get({ member })
