import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { perform } from '../../src/commands/command.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { visitor } from '../../src/kernel/actor.ts'
import { startsWell } from '../ledger/examine.ts'
import { blank, photographed, stagedFrom } from '../ledger/photographs.ts'
import { acts } from '../ledger/story.ts'

/** The same without a file system of its own: the ledger on a disk in memory that is full for a while. */
export async function fullInMemory(t: TestContext): Promise<void> {
  const [firstDays] = acts
  assert.ok(firstDays)
  const { stage, leave } = stagedFrom((await photographed(firstDays, blank)).end)
  t.after(leave)
  await stage.opens()
  const post = (key: string) =>
    perform(stage.record, postPrayer, stage.cast.members.Ruth ?? visitor, { request: `For ${key}.`, key })
  await post('the first')
  stage.disk.setFull(true)
  for (let number = 0; number < 3; number++)
    await assert.rejects(post(`number ${number}`), {
      reason: 'read-only',
      message: 'That did not save. Your words are still here.',
    })
  stage.disk.setFull(false)
  for (let tries = 0; stage.ledger().trouble(); tries++) {
    assert.ok(tries < 4_000, 'writes go on by themselves')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await post('number 0')
  await stage.closes()
  await startsWell(stage)
}
