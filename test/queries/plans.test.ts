import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator } from '../../src/kernel/actor.ts'
import { answeredPage } from '../../src/queries/answered.ts'
import { encouragingPage } from '../../src/queries/encouragements.ts'
import { flagsPage } from '../../src/queries/flags.ts'
import { inFocus } from '../../src/queries/focus.ts'
import { dueToRest, lapsingSoon } from '../../src/queries/lapses.ts'
import { noticesPage, unreadNotices } from '../../src/queries/notices.ts'
import { peoplePrayedFor, roundFor, stepAt } from '../../src/queries/prayer-time.ts'
import { prayerPage } from '../../src/queries/prayers.ts'
import { profile } from '../../src/queries/profiles.ts'
import { searchPage } from '../../src/queries/search.ts'
import { community } from '../tools/community.ts'

/*
 * What SQLite does for each page on which people pray together. The feeds have a test of their own, and so has what happened
 * lately.
 */

/** Lists that are given, words that an index of words finds, and the newest requests back to a moment. */
const isSmall = /^SCAN (json_each|each|search VIRTUAL|settings |prayers USING INDEX prayers_sequence)/

test('no page goes through all requests, prayers, updates or follows', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const [ruth, tom] = [await here.joins('Ruth'), await here.joins('Tom')]
  await here.does(operator, grantRole, { name: 'Tom', role: 'moderator' })
  const { prayer } = await here.does(ruth, postPrayer, { request: 'Rain.', nameless: 'yes' })
  await here.does(ruth, postPrayer, { request: 'Sun.', sees: 'team' })
  const { cache, keyring } = { cache: here.ledger.cache(), keyring: here.ledger.keyring }
  const asked = new Set<string>()
  const prepares = cache.sqlite.prepare
  t.mock.method(cache.sqlite, 'prepare', (text: string) => {
    asked.add(text)
    return Reflect.apply(prepares, cache.sqlite, [text])
  })

  const mine = here.reading(ruth)
  const theirs = here.reading({ ...tom, roles: ['moderator'] } as Member)
  const round = { begun: here.now(), order: [1] }
  noticesPage(mine)
  unreadNotices(mine)
  answeredPage(mine)
  answeredPage(mine, 'grief')
  searchPage(mine, { q: 'rain' })
  inFocus(mine)
  lapsingSoon(cache, keyring, ruth.member, here.now())
  dueToRest(cache, here.now())
  roundFor(theirs, 20)
  stepAt(theirs, round, 1)
  peoplePrayedFor(theirs, round)
  prayerPage(theirs, prayer)
  profile(theirs, ruth.member)
  encouragingPage(theirs, prayer)
  flagsPage(theirs)

  const queries = [...asked].filter((text) => /^select/i.test(text))
  assert.ok(queries.length > 30, `${queries.length} queries`)
  for (const text of queries) {
    const places = (text.match(/\?/g) ?? []).map(() => null)
    const steps = (
      Reflect.apply(prepares, cache.sqlite, [`explain query plan ${text}`]) as ReturnType<
        typeof cache.sqlite.prepare<unknown[], { detail: string }>
      >
    ).all(...places)
    for (const { detail } of steps.filter(({ detail }) => detail.startsWith('SCAN ')))
      assert.match(detail, isSmall, `${text}\n${steps.map((step) => step.detail).join('\n')}`)
  }
})
