import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isDue, runNightly } from '../../src/jobs/nightly.ts'
import { schedule } from '../../src/kernel/actor.ts'
import { hours, minutes, momentOf } from '../../src/kernel/moment.ts'
import { world } from '../../src/kernel/stamp.ts'

/** By the machine's own clock. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()
const moment = (milliseconds: number) => momentOf(milliseconds)

suite('a chore is due', () => {
  test('when it was never done', () => {
    assert.equal(isDue(at(22, 12), undefined, undefined), true)
  })

  test('every night at three, once', () => {
    const last = moment(at(22, 3, 1))
    assert.equal(isDue(at(22, 3, 2), last, undefined), false)
    assert.equal(isDue(at(23, 2, 59), last, undefined), false)
    assert.equal(isDue(at(23, 3), last, undefined), true)
    assert.equal(isDue(at(23, 3, 5), moment(at(23, 3, 4)), undefined), false)
  })

  test('at a start, when the last is a day ago or a night was missed', () => {
    assert.equal(isDue(at(23, 12), moment(at(22, 11)), undefined), true)
    assert.equal(isDue(at(23, 12), moment(at(23, 2)), undefined), true)
    assert.equal(isDue(at(23, 12), moment(at(23, 4)), undefined), false)
  })

  test('again an hour after it failed', () => {
    const failed = moment(at(23, 3))
    assert.equal(isDue(at(23, 3, 59), undefined, failed), false)
    assert.equal(isDue(at(23, 4), undefined, failed), true)
  })

  test('not before the clock has come back to when it was done', () => {
    assert.equal(isDue(at(20, 12), moment(at(22, 12)), undefined), false)
  })
})

suite('the nights', () => {
  /** Chores that note what happens to them, and a clock that is moved. */
  function scene(fails: () => boolean = () => false) {
    let now = at(22, 12)
    let [underWay, most] = [0, 0]
    const done: string[] = []
    const failures: unknown[] = []
    const last = new Map<string, number>()
    const chore = (name: string) => ({
      last: () => (last.has(name) ? moment(last.get(name) ?? 0) : undefined),
      async run() {
        most = Math.max(most, ++underWay)
        await new Promise((resolve) => setTimeout(resolve, 5))
        underWay--
        if (fails()) throw new Error('the disk is full')
        done.push(name)
        last.set(name, now)
      },
    })
    const nightly = runNightly({
      source: { ...world, now: () => now },
      chores: { backups: chore('backups'), verifications: chore('verifications') },
      onFailure: (name, error) => failures.push([name, error]),
      ...{ soon: 1, often: 5 },
    })
    const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
    /** Until so much was done or has failed, however busy the machine is; then long enough for more, which is too much. */
    async function settle(count: number) {
      for (let turns = 0; done.length + failures.length < count && turns < 500; turns++) await pause(10)
      await pause(60)
    }
    return {
      ...{ nightly, done, failures, settle },
      most: () => most,
      passes(milliseconds: number) {
        now += milliseconds
      },
    }
  }

  test('bring each chore once, one after the other', async (t) => {
    const here = scene()
    t.after(() => here.nightly.close())
    await here.settle(2)
    assert.deepEqual(here.done, ['backups', 'verifications'])
    here.passes(24 * hours)
    await here.settle(4)
    assert.deepEqual(here.done, ['backups', 'verifications', 'backups', 'verifications'])
    assert.equal(here.most(), 1)
  })

  test('show what failed until it goes well, and try again after an hour', async (t) => {
    let isFull = true
    const here = scene(() => isFull)
    t.after(() => here.nightly.close())
    await here.settle(2)
    assert.equal(here.failures.length, 2)
    assert.equal(here.nightly.state('backups').failure?.sentence, 'the disk is full')
    here.passes(59 * minutes)
    await here.settle(2)
    assert.equal(here.failures.length, 2)
    isFull = false
    here.passes(minutes)
    await here.settle(4)
    assert.deepEqual(here.done, ['backups', 'verifications'])
    assert.equal(here.nightly.state('backups').failure, undefined)
    assert.ok(here.nightly.state('backups').last)
  })

  test('wait for what somebody asked for, and do not do it twice', async (t) => {
    const here = scene()
    t.after(() => here.nightly.close())
    await here.settle(2)
    const [one, other] = [here.nightly.now('backups', schedule), here.nightly.now('backups', schedule)]
    assert.equal(here.nightly.state('backups').isRunning, true)
    await Promise.all([one, other])
    assert.deepEqual(here.done, ['backups', 'verifications', 'backups'])
    assert.equal(here.nightly.state('backups').isRunning, false)
  })

  test('are over when they are closed, and what was asked for tells why it failed', async () => {
    const here = scene(() => true)
    await here.settle(2)
    await assert.rejects(here.nightly.now('backups', schedule), /the disk is full/)
    await here.nightly.close()
    const count = here.failures.length
    here.passes(48 * hours)
    await here.settle(0)
    assert.equal(here.failures.length, count)
  })
})
