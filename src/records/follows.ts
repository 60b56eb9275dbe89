import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { id } from '../kernel/fields.ts'

/** Requests that somebody keeps in sight. */
export const follows = sqliteTable(
  'follows',
  {
    /** Member and request. */
    id: text().primaryKey(),
    member: text().notNull(),
    prayer: text().notNull(),
    sequence: integer().notNull(),
  },
  (table) => [index('follows_member').on(table.member, table.sequence)],
)

const values = { prayer: id('prayer') }
const following = ({ by, prayer }: { by: string; prayer: string }) => `${by}.${prayer}`

export const prayerFollowed = defineEvent({
  name: 'prayer.followed',
  version: 1,
  values,
  tables: [follows],
  project: (cache, event) => {
    const { by, prayer, sequence } = event
    cache.put(follows, { id: following(event), member: by, prayer, sequence })
  },
})

export const prayerUnfollowed = defineEvent({
  name: 'prayer.unfollowed',
  version: 1,
  values,
  tables: [follows],
  project: (cache, event) => void cache.drop(follows, following(event)),
})
