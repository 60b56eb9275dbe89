import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renameMyself } from '../../src/commands/myself.ts'
import { deactivateMember, reactivateMember } from '../../src/commands/standing.ts'
import { operator } from '../../src/kernel/actor.ts'
import { directory } from '../../src/queries/directory.ts'
import { community } from '../tools/community.ts'

test('people stand in the order of their names, however often somebody comes, goes, or is called otherwise', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const listed = () =>
    directory(here.reading(ruth), { q: undefined, after: undefined }).people.map(({ name }) => name)
  const [tom] = [await here.joins('Tom'), await here.joins('ann'), await here.joins('Émile')]
  assert.deepEqual(listed(), ['ann', 'Émile', 'Ruth', 'Tom'])
  await here.joins('Noor')
  assert.deepEqual(listed(), ['ann', 'Émile', 'Noor', 'Ruth', 'Tom'])
  await here.does(tom, renameMyself, { name: 'Bo' })
  assert.deepEqual(listed(), ['ann', 'Bo', 'Émile', 'Noor', 'Ruth'])
  await here.does(operator, deactivateMember, { name: 'Émile' })
  assert.deepEqual(listed(), ['ann', 'Bo', 'Noor', 'Ruth'])
  await here.does(operator, reactivateMember, { name: 'Émile' })
  await here.does(ruth, renameMyself, { name: 'Abel' })
  assert.deepEqual(listed(), ['Abel', 'ann', 'Bo', 'Émile', 'Noor'])
})
