import { desc, eq } from 'drizzle-orm'
import { atMost, prepared, type Reading } from '../cache/reading.ts'
import { settings } from '../records/settings.ts'

const newest = prepared((db) =>
  db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.setting, 'vouching'))
    .orderBy(desc(settings.sequence))
    .limit(atMost(1))
    .prepare(),
)

/** Whether two members may let somebody in whose voice they know. Off until an admin says so. */
export const isVouchingOn = (cache: Reading) => newest(cache).get()?.value === 'yes'
