import { eq } from 'drizzle-orm'
import { given, prepared, type Reading } from '../cache/reading.ts'
import { keys } from '../records/keys.ts'

const byKey = prepared((db) =>
  db
    .select({ kind: keys.kind, thing: keys.thing })
    .from(keys)
    .where(eq(keys.key, given('key')))
    .prepare(),
)

/** What a key of `keyOf` stands for already. */
export const thingOfKey = (cache: Reading, key: string) => byKey(cache).get({ key })
