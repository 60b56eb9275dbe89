import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Call, canFail, type Failure } from '../tools/failing-disk.ts'
import { holdsAsync } from '../tools/laws.ts'
import { afterStop, hasUnsynced, losses, randomFrom } from '../tools/memory-disk.ts'
import { isThorough, someOf } from '../tools/thorough.ts'
import { startsWell } from './examine.ts'
import {
  blank,
  type Photograph,
  photographed,
  photographOf,
  type StagedFrom,
  seedOf,
  stagedFrom,
  stateOf,
} from './photographs.ts'
import { type Act, acts } from './story.ts'

/** One photograph for each call of the disk in the whole story, and where each act begins in it. */
const album: Photograph[] = []
const beginnings: { readonly from: Photograph; readonly calls: readonly Call[] }[] = []
test.before(async () => {
  for (const act of acts) {
    const from = album.at(-1) ?? blank
    const { taken, calls } = await photographed(act, from)
    beginnings.push({ from, calls })
    album.push(...taken)
  }
})

for (const loss of losses)
  test(`wherever the process stops, with what was not synced ${loss}, a start loses nothing that was saved`, async (t) => {
    const seen = new Set<string>()
    const different = album.flatMap((photograph) => {
      const seed = seedOf(`${loss} ${photograph.at}`)
      const state = stateOf(photograph, afterStop(photograph.image, loss, randomFrom(seed)))
      if (seen.has(state)) return []
      seen.add(state)
      return [{ photograph, seed }]
    })
    const tried = someOf(different, 8)
    for (const { photograph, seed } of tried) await startsWellFrom(photograph, { loss, seed })
    t.diagnostic(`${album.length} stops, ${different.length} of them different, ${tried.length} tried`)
    assert.ok(album.length >= 600, `${album.length} stops`)
    assert.ok(different.length >= 100, `${different.length} different ones`)
  })

const stop = fc.record({ at: fc.nat(), loss: fc.constantFrom(...losses), seed: fc.nat() })

test('a second stop, while a start is still mending what the first one left, loses nothing either', async (t) => {
  let twice = 0
  await holdsAsync(
    fc.asyncProperty(stop, stop, async (first, second) => {
      const photograph = album[first.at % album.length] ?? blank
      const [taken] = await photographedWhileStarting(photograph, first, second.at % 90)
      if (!taken) return
      twice++
      await startsWellFrom(taken, second)
    }),
    isThorough ? 200 : 60,
  )
  t.diagnostic(`${twice} second stops`)
  assert.ok(twice >= (isThorough ? 100 : 30))
})

test('what a start has shown of an earlier process that was killed is not taken away by a power cut', async (t) => {
  const killed = new Set<string>()
  const cut = new Set<string>()
  const kills = album.filter((photograph) => {
    const state = stateOf(photograph, photograph.image)
    if (killed.has(state) || !hasUnsynced(photograph.image)) return false
    return killed.add(state)
  })
  const tried = someOf(kills, 8)
  for (const [turn, photograph] of tried.entries()) {
    for (const [index, taken] of (await photographedWhileStarting(photograph, {})).entries()) {
      const left = stateOf(taken, afterStop(taken.image, 'dropped', randomFrom(1)))
      if (cut.has(left) || (!isThorough && index % 3 !== turn % 3)) continue
      cut.add(left)
      await startsWellFrom(taken, { loss: 'dropped' })
    }
  }
  t.diagnostic(`${tried.length} of ${kills.length} kills, ${cut.size} power cuts`)
  assert.ok(kills.length >= 50 && cut.size >= (isThorough ? 200 : 20))
})

test('a power cut soon after a call that failed brings back nothing that was refused', async (t) => {
  const seen = new Set<string>()
  let failed = 0
  for (const [index, act] of acts.entries()) {
    const beginning = beginnings[index]
    if (!beginning) continue
    for (const how of ['EIO', 'filling'] as const)
      for (const number of someOf(failing(beginning.calls, how), 8)) {
        failed++
        for (const taken of await photographedAfterFailure(act, beginning.from, { call: number, how }))
          for (const loss of ['dropped', 'undone', 'trashed'] as const) {
            const seed = seedOf(`${loss} ${taken.at}`)
            const state = stateOf(taken, afterStop(taken.image, loss, randomFrom(seed)))
            if (seen.has(state)) continue
            seen.add(state)
            await startsWellFrom(taken, { loss, seed })
          }
      }
  }
  t.diagnostic(`${failed} calls failed, ${seen.size} different states soon afterwards`)
  assert.ok(failed >= (isThorough ? 150 : 15), `${failed} calls failed`)
  assert.ok(seen.size >= (isThorough ? 300 : 30), `${seen.size} states`)
})

test('a cache that a power cut set back, or that is gone, is brought up to date by a start', async () => {
  const setBack = (photograph: Photograph) =>
    new Map([...photograph.cache].filter(([name]) => !name.endsWith('-wal')))
  for (const photograph of someOf(album, 24)) {
    await startsWellFrom({ ...photograph, cache: setBack(photograph) }, { loss: 'dropped' })
    await startsWellFrom({ ...photograph, cache: new Map() }, { loss: 'dropped' })
  }
})

async function startsWellFrom(photograph: Photograph, how: StagedFrom) {
  const { stage, leave } = stagedFrom(photograph, how)
  try {
    await startsWell(stage)
  } catch (cause) {
    throw new Error(`after a stop at ${photograph.at}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  } finally {
    await leave()
  }
}

/** What there is before each call of a start after a stop, or only before the call with this number. */
async function photographedWhileStarting(
  photograph: Photograph,
  how: StagedFrom,
  at?: number,
): Promise<Photograph[]> {
  const taken: Photograph[] = []
  const { stage, leave } = stagedFrom(photograph, {
    ...how,
    before: ({ name }, number, stage) => {
      if (number === (at ?? number))
        taken.push(
          photographOf(
            stage,
            `${photograph.at}, then while starting at call ${number}, ${name}`,
            taken.at(-1),
          ),
        )
    },
  })
  try {
    await startsWell(stage)
    return taken
  } finally {
    await leave()
  }
}

/** The calls that can fail in this way, and then be the last that a dying disk takes. */
const failing = (calls: readonly Call[], how: Failure): readonly number[] =>
  calls.flatMap((call, number) => (canFail(call, how) && canFail(call, 'dying') ? [number] : []))

/** What there is at the next few changes of the disk after a call that failed. */
async function photographedAfterFailure(
  act: Act,
  from: Photograph,
  { call, how }: { call: number; how: Failure },
) {
  const taken: Photograph[] = []
  const { stage, leave } = stagedFrom(from, {
    seed: seedOf(act.name),
    before: ({ name }, number, stage) => {
      if (number > call && number <= call + 12)
        taken.push(
          photographOf(
            stage,
            `${act.name}, call ${number}, ${name}, after call ${call} failed with ${how}`,
            taken.at(-1),
          ),
        )
    },
  })
  stage.disk.fail(call, how)
  try {
    await act.play(stage)
  } catch {
    // That a call fails is what `failures.test.ts` is about; here its photographs count.
  } finally {
    await leave()
  }
  return taken
}
