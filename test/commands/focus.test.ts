import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moveInFocus, placeInFocus, takeFromFocus } from '../../src/commands/focus.ts'
import { closePrayer } from '../../src/commands/prayer-states.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole } from '../../src/commands/roles.ts'
import { type Member, operator } from '../../src/kernel/actor.ts'
import { days } from '../../src/kernel/moment.ts'
import { inFocus } from '../../src/queries/focus.ts'
import { type Community, community, refusal } from '../tools/community.ts'

const today = '2026-11-22'
const tomorrow = '2026-11-23'

test('moderators put up to seven requests in focus, in the order they choose, each until its day is over', async (t) => {
  const here = await community(t)
  const { ruth, naomi } = await people(here)
  const asked: string[] = []
  for (let number = 1; number <= 8; number++) asked.push(await asks(here, ruth, `Request ${number}.`))
  const [first = '', second = '', third = '', , , , , eighth = ''] = asked
  const shown = () => inFocus(here.reading(ruth)).map(({ id }) => asked.indexOf(id) + 1)
  const places = (prayer: string, until: string) => here.does(naomi, placeInFocus, { prayer, until })

  await refusal('forbidden', here.does(ruth, placeInFocus, { prayer: first, until: tomorrow }))
  for (const prayer of asked.slice(0, 7)) await places(prayer, prayer === second ? today : tomorrow)
  assert.deepEqual(shown(), [1, 2, 3, 4, 5, 6, 7])
  await refusal('invalid', places(eighth, tomorrow))
  await places(third, '2026-11-30')
  assert.deepEqual(shown(), [1, 2, 3, 4, 5, 6, 7], 'another day is no other place')

  const moves = (prayer: string, to: string) => here.does(naomi, moveInFocus, { prayer, to })
  await moves(third, '2')
  await moves(third, '2')
  assert.deepEqual(shown(), [1, 3, 2, 4, 5, 6, 7], 'sent twice it moves once')
  await moves(third, '1')
  await moves(first, '3')
  assert.deepEqual(shown(), [3, 2, 1, 4, 5, 6, 7])
  await moves(first, '7')
  assert.deepEqual(shown(), [3, 2, 4, 5, 6, 7, 1])
  await moves(first, '3')
  assert.deepEqual(shown(), [3, 2, 1, 4, 5, 6, 7])
  for (const to of ['0', '8', 'up', '']) await refusal('invalid', moves(first, to))
  await here.does(naomi, takeFromFocus, { prayer: asked[3] })
  await here.does(naomi, takeFromFocus, { prayer: asked[3] })
  assert.deepEqual(shown(), [3, 2, 1, 5, 6, 7])
  await places(eighth, tomorrow)

  here.passes(1 * days)
  assert.deepEqual(shown(), [3, 1, 5, 6, 7, 8], 'the day of the second is over')
  await here.does(ruth, closePrayer, { prayer: asked[4], outcome: 'unneeded' })
  assert.deepEqual(shown(), [3, 1, 6, 7, 8], 'nobody is asked to pray for what is closed')
  here.passes(1 * days)
  assert.deepEqual(shown(), [3])
})

test('what cannot be in focus is refused: a day that is over or far away, what is not for everyone, and what has ended', async (t) => {
  const here = await community(t)
  const { ruth, naomi } = await people(here)
  const prayer = await asks(here, ruth, 'For rain.')
  const ended = await asks(here, ruth, 'For wind.')
  await here.does(ruth, closePrayer, { prayer: ended, outcome: 'unneeded' })
  const alone = await asks(here, ruth, 'For me.', 'me')
  for (const until of ['2026-11-21', '2027-02-21', '2026-02-30', 'tomorrow', ''])
    assert.ok(
      (await refusal('invalid', here.does(naomi, placeInFocus, { prayer, until }))).fields?.until,
      until,
    )
  await refusal('invalid', here.does(naomi, placeInFocus, { prayer: ended, until: today }))
  await refusal('not-found', here.does(naomi, placeInFocus, { prayer: alone, until: today }))
  assert.deepEqual(inFocus(here.reading(naomi)), [])
})

async function people(here: Community) {
  await here.namesKey()
  const [ruth, naomi] = [await here.joins('Ruth'), await here.joins('Naomi')]
  await here.does(operator, grantRole, { name: 'Naomi', role: 'moderator' })
  return { ruth, naomi: { ...naomi, roles: ['moderator'] } as Member }
}

const asks = async (here: Community, who: Member, request: string, sees = 'everyone') =>
  (await here.does(who, postPrayer, { request, sees })).prayer
