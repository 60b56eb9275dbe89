import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { canFail, failures } from '../tools/failing-disk.ts'
import { afterStop, losses, randomFrom } from '../tools/memory-disk.ts'
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
import { StoryEnds } from './stage.ts'
import { acts } from './story.ts'

/** One photograph for each call of the disk in the whole story, and where each act begins in it. */
const album: Photograph[] = []
const beginnings: { readonly from: Photograph; readonly calls: number }[] = []
test.before(async () => {
  for (const act of acts) {
    const from = album.at(-1) ?? blank
    const taken = await photographed(act, from)
    beginnings.push({ from, calls: taken.length - 1 })
    album.push(...taken)
  }
})

for (const loss of losses)
  test(`wherever the process stops, with what was not synced ${loss}, a start loses nothing that was saved`, async (t) => {
    const seen = new Set<string>()
    for (const photograph of album) {
      const seed = seedOf(`${loss} ${photograph.at}`)
      const state = stateOf(photograph, afterStop(photograph.image, loss, randomFrom(seed)))
      if (seen.has(state)) continue
      seen.add(state)
      await startsWellFrom(photograph, { loss, seed })
    }
    t.diagnostic(`${album.length} stops, ${seen.size} of them different`)
    assert.ok(album.length >= 600, `${album.length} stops`)
    assert.ok(seen.size >= 100, `${seen.size} different ones`)
  })

const stop = fc.record({ at: fc.nat(), loss: fc.constantFrom(...losses), seed: fc.nat() })

test('a second stop, while a start is still mending what the first one left, loses nothing either', async (t) => {
  let twice = 0
  await fc.assert(
    fc.asyncProperty(stop, stop, async (first, second) => {
      const photograph = album[first.at % album.length] ?? blank
      const taken = await photographedWhileStarting(photograph, first, second.at % 90)
      if (!taken) return
      twice++
      await startsWellFrom(taken, second)
    }),
    { numRuns: 300 },
  )
  t.diagnostic(`${twice} second stops`)
  assert.ok(twice >= 150)
})

test('a stop after a call that failed brings back nothing that was refused', async (t) => {
  let stops = 0
  const failure = fc.record({ act: fc.nat(acts.length - 1), how: fc.constantFrom(...failures), at: fc.nat() })
  await fc.assert(
    fc.asyncProperty(failure, stop, async (failure, stop) => {
      const taken = await photographedAfterFailure(failure, stop.at % 30)
      if (!taken) return
      stops++
      await startsWellFrom(taken, stop)
    }),
    { numRuns: 250 },
  )
  t.diagnostic(`${stops} stops`)
  assert.ok(stops >= 80)
})

test('a cache that a power cut set back, or that is gone, is brought up to date by a start', async () => {
  const setBack = (photograph: Photograph) =>
    new Map([...photograph.cache].filter(([name]) => !name.endsWith('-wal')))
  for (const [index, photograph] of album.entries()) {
    if (index % 6 > 0) continue
    await startsWellFrom({ ...photograph, cache: setBack(photograph) }, { loss: 'dropped' })
    await startsWellFrom({ ...photograph, cache: new Map() }, { loss: 'dropped' })
  }
})

async function startsWellFrom(photograph: Photograph, how: StagedFrom) {
  const { stage, leave } = stagedFrom(photograph, how)
  try {
    await startsWell(stage)
  } catch (cause) {
    if (process.env.ALL) {
      console.log(
        photograph.at,
        how,
        String((cause as Error).stack)
          .split('\n')
          .slice(0, 9)
          .join(' | '),
      )
      return
    }
    throw new Error(`after a stop at ${photograph.at}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  } finally {
    await leave()
  }
}

/** What there is before the call with this number of a start after a stop; `undefined` when it has fewer calls. */
async function photographedWhileStarting(
  photograph: Photograph,
  how: StagedFrom,
  at: number,
): Promise<Photograph | undefined> {
  let taken: Photograph | undefined
  const { stage, leave } = stagedFrom(photograph, {
    ...how,
    before: ({ name }, number, stage) => {
      if (number === at) taken = photographOf(stage, `${photograph.at}, then while starting at ${name}`)
    },
  })
  try {
    await startsWell(stage)
    return taken
  } finally {
    await leave()
  }
}

/** What there is so many calls after one that failed; `undefined` when the act ends before. */
async function photographedAfterFailure(
  failure: { act: number; how: (typeof failures)[number]; at: number },
  later: number,
): Promise<Photograph | undefined> {
  const act = acts[failure.act]
  const beginning = beginnings[failure.act]
  if (!act || !beginning) return undefined
  const { from, calls } = beginning
  let taken: Photograph | undefined
  let failedAt = Number.POSITIVE_INFINITY
  const { stage, leave } = stagedFrom(from, {
    seed: seedOf(act.name),
    before: (call, number, stage) => {
      if (number >= failure.at % calls && failedAt > number && canFail(call, failure.how)) {
        failedAt = Math.min(failedAt, number)
        stage.disk.fail(number, failure.how)
      }
      if (number === failedAt + 1 + later)
        taken = photographOf(
          stage,
          `${act.name}, ${later} calls after call ${failedAt} failed with ${failure.how}`,
        )
    },
  })
  try {
    await act.play(stage)
  } catch (error) {
    if (!(error instanceof StoryEnds) && failedAt > stage.disk.calls.length) throw error
  } finally {
    await leave()
  }
  return taken
}
