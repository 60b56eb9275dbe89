import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideApplication, sendApplication } from '../../src/commands/applications.ts'
import { forgettingChores } from '../../src/jobs/forgetting.ts'
import { isDue } from '../../src/jobs/nightly.ts'
import { schedule, visitor } from '../../src/kernel/actor.ts'
import { days, millisecondsOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'
import { keptFor, openFor } from '../../src/queries/applications.ts'
import { community } from '../tools/community.ts'

test('the night after its thirty days the words of an application are erased, and no other night has anything to do', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const ruth = await here.joinsAsAdmin('Ruth')
  const words = { name: 'Esther', why: 'I know Ruth.', contact: 'esther@example.org' }
  const { application } = await here.does(visitor, sendApplication, words)
  await here.does(ruth, decideApplication, { application, answer: 'no' })
  const source = { ...world, now: () => millisecondsOf(here.now()) }
  const { cache, record } = here.ledger
  const { erasures } = forgettingChores({ cache, record, source })
  const due = () => isDue(source.now(), erasures.last(), undefined)

  assert.equal(due(), false)
  here.passes(keptFor)
  assert.equal(due(), false, 'it waits for the night')
  here.passes(1 * days)
  assert.equal(due(), true)
  await erasures.run(schedule)
  await here.ledger.settled()
  await here.ledger.settled()
  assert.equal(here.text().match(/^~\w+ erased /gm)?.length, 3)
  assert.equal(due(), false)
})

test('the night after its sixty days an application that nobody answered lapses, and then waits to be erased', async (t) => {
  const here = await community(t)
  await here.namesKey()
  const words = { name: 'Esther', why: 'I know Ruth.', contact: 'esther@example.org' }
  await here.does(visitor, sendApplication, words)
  const source = { ...world, now: () => millisecondsOf(here.now()) }
  const { cache, record } = here.ledger
  const { lapses, erasures } = forgettingChores({ cache, record, source })
  const due = ({ last }: typeof lapses) => isDue(source.now(), last(), undefined)

  assert.equal(due(lapses), false)
  here.passes(openFor)
  assert.equal(due(lapses), false, 'it waits for the night')
  here.passes(1 * days)
  assert.equal(due(lapses), true)
  here.written()
  await lapses.run(schedule)
  assert.match(here.written().join(), /^application\.declined\/1 by=schedule application=\S+$/)
  assert.deepEqual([due(lapses), due(erasures)], [false, false])
  here.passes(keptFor + 1 * days)
  assert.equal(due(erasures), true)
})
