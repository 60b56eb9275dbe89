import assert from 'node:assert/strict'
import test from 'node:test'
import { losses } from '../tools/memory-disk.ts'
import { afterStop, randomFrom } from '../tools/memory-disk.ts'
import { startsWell } from './examine.ts'
import { blank, type Photograph, photographed, seedOf, stagedFrom, stateOf } from './photographs.ts'
import { acts } from './story.ts'

const album: Photograph[] = []
test.before(async () => {
  for (const act of acts) album.push(...(await photographed(act, album.at(-1) ?? blank)))
})

for (const loss of losses)
  test(`wherever the process stops, with un-synced bytes ${loss}, a start loses nothing that was saved`, async (t) => {
    const seen = new Set<string>()
    for (const photograph of album) {
      const seed = seedOf(`${loss} ${photograph.at}`)
      const state = stateOf(photograph, afterStop(photograph.image, loss, randomFrom(seed)))
      if (seen.has(state)) continue
      seen.add(state)
      await startsWellFrom(photograph, { loss, seed })
    }
    t.diagnostic(`${album.length} stops, ${seen.size} of them different`)
    assert.ok(album.length >= 500, `${album.length} stops`)
    assert.ok(seen.size >= 50)
  })

async function startsWellFrom(photograph: Photograph, how: Parameters<typeof stagedFrom>[1]) {
  const { stage, leave } = stagedFrom(photograph, how)
  try {
    await startsWell(stage)
  } catch (cause) {
    if (process.env.ALL) { console.log(photograph.at, how, String(cause).split('\n').slice(0,6).join(' ')); return }
    throw new Error(`after a stop at ${photograph.at}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  } finally {
    await leave()
  }
}
