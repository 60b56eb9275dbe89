import assert from 'node:assert/strict'
import test from 'node:test'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { canFail, type Failure, failures } from '../tools/failing-disk.ts'
import { afterStop, losses, randomFrom } from '../tools/memory-disk.ts'
import { isThorough, someOf } from '../tools/thorough.ts'
import { startsWell } from './examine.ts'
import {
  blank,
  type Photograph,
  photographed,
  photographOf,
  seedOf,
  stagedFrom,
  stateOf,
} from './photographs.ts'
import { isOfTheDisk, type Stage, StoryEnds } from './stage.ts'
import { type Act, acts } from './story.ts'

interface Scene {
  readonly act: Act
  readonly from: Photograph
}

const scenes: Scene[] = []
test.before(async () => {
  let from = blank
  for (const act of acts) {
    scenes.push({ act, from })
    from = (await photographed(act, from)).end
  }
})

/** So many calls of the story can fail in each way; fewer would say that the story or the disk no longer does what it did. */
const least: Readonly<Record<Failure, number>> = {
  EIO: 900,
  ENOSPC: 90,
  EROFS: 80,
  short: 30,
  filling: 30,
  dying: 130,
}

for (const how of failures)
  test(`whichever call of the disk fails, in the way "${how}", nothing that was saved is lost and nothing refused is kept`, async (t) => {
    const counts = { 'not begun': 0, 'played on': 0, 'ended early': 0 }
    const examined = new Set<string>()
    let points = 0
    for (const scene of scenes) {
      const all = await callsThatCanFail(scene, how)
      points += all.length
      for (const call of someOf(all, how === 'EIO' ? 8 : 4)) {
        counts[await playWithFailure(scene, { call, how }, examined)]++
      }
    }
    t.diagnostic(`${points} points: ${JSON.stringify(counts)}, ${examined.size} different states afterwards`)
    const tried = counts['not begun'] + counts['played on'] + counts['ended early']
    assert.ok(points >= least[how], `${points} calls can fail`)
    assert.ok(isThorough ? tried === points : tried > 0, `${tried} did`)
    assert.ok(counts['played on'] > 0)
  })

async function callsThatCanFail({ act, from }: Scene, how: Failure): Promise<number[]> {
  const { stage, leave } = stagedFrom(from, { seed: seedOf(act.name) })
  try {
    await act.play(stage)
    return stage.disk.calls.flatMap((call, number) => (canFail(call, how) ? [number] : []))
  } finally {
    await leave()
  }
}

interface Fault {
  readonly call: number
  readonly how: Failure
}

async function playWithFailure({ act, from }: Scene, { call, how }: Fault, examined: Set<string>) {
  const { stage, leave } = stagedFrom(from, { seed: seedOf(act.name) })
  stage.disk.fail(call, how)
  try {
    const end = await play(act, stage)
    await stage.closes()
    assert.equal(stage.disk.memory.openFiles(), 0, 'every file was let go')
    await startsAgain(photographOf(stage, 'the end'), examined)
    return end
  } catch (cause) {
    const { name, path } = stage.disk.calls[call] ?? {}
    const where = `${act.name}, call ${call}, ${name} ${path}, failed with ${how}`
    throw new Error(`${where}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  } finally {
    await leave()
  }
}

/** A start may fail, and says so by throwing; what was asked for may be refused; nothing else may happen. */
async function play(act: Act, stage: Stage) {
  try {
    await act.play(stage)
    return 'played on'
  } catch (error) {
    if (error instanceof StoryEnds) {
      await writesNoMore(stage)
      return 'ended early'
    }
    if (isOpen(stage) || !isOfTheDisk(error)) throw error
    return 'not begun'
  }
}

function isOpen(stage: Stage) {
  try {
    stage.ledger()
    return true
  } catch {
    return false
  }
}

async function writesNoMore(stage: Stage) {
  const { ledger, disk } = stage
  const before = disk.memory.written()
  const why = ledger().trouble()?.why ?? ''
  assert.ok(['unknown', 'unreadable'].includes(why), why)
  await assert.rejects(perform(ledger().record, issueInvite, operator, {}), { reason: 'read-only' })
  await ledger().reconcile()
  assert.equal(ledger().trouble()?.why, why)
  assert.equal(disk.memory.written(), before, 'nothing is written before a restart')
}

/** After the process ended well or was killed, and after a power cut that takes what it can. */
async function startsAgain(left: Photograph, examined: Set<string>) {
  for (const loss of losses) {
    const seed = seedOf(`${loss} again`)
    const state = stateOf(left, afterStop(left.image, loss, randomFrom(seed)))
    if (examined.has(state)) continue
    examined.add(state)
    const { stage, leave } = stagedFrom(left, { loss, seed })
    try {
      await startsWell(stage)
      // What the next process saved on top of it survives a power cut, too.
      await stage.closes()
      if (loss === 'killed') await survives(photographOf(stage, 'later'))
    } catch (cause) {
      throw new Error(`then ${loss}: ${cause instanceof Error ? cause.message : cause}`, { cause })
    } finally {
      await leave()
    }
  }
}

async function survives(powerCut: Photograph) {
  const { stage, leave } = stagedFrom(powerCut, { loss: 'dropped' })
  try {
    await startsWell(stage)
  } finally {
    await leave()
  }
}
