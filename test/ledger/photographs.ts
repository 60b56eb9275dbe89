import { createHash } from 'node:crypto'
import type { Moment } from '../../src/kernel/moment.ts'
import { type Call, failingDisk } from '../tools/failing-disk.ts'
import { afterStop, emptyImage, type Image, type Loss, randomFrom } from '../tools/memory-disk.ts'
import {
  type Cast,
  cacheFolder,
  clockFrom,
  type Entry,
  type Files,
  filesIn,
  type Outcome,
  type Stage,
  stageOf,
} from './stage.ts'
import { type Act, firstMoment } from './story.ts'

/*
 * A process that is killed at a call of the disk leaves what there is at that moment, and nothing that it would have
 * done afterwards. So a stop is a photograph, taken before the call; one run of the story gives all of them.
 */

/** Everything there is at one moment, and what people had been told by then. */
export interface Photograph {
  /** Between two calls, where the call is the one that did not happen any more. */
  readonly at: string
  readonly image: Image
  readonly cache: Files
  readonly moment: Moment
  readonly cast: Cast
  readonly entries: readonly Entry[]
}

export const blank: Photograph = {
  at: 'in the beginning',
  image: emptyImage,
  cache: new Map(),
  moment: firstMoment,
  cast: { members: {}, prayers: [] },
  entries: [],
}

export interface StagedFrom {
  readonly loss?: Loss
  readonly seed?: number
  readonly before?: (call: Call, number: number, stage: Stage) => void
}

/** A stage that goes on where a photograph was taken, after this loss. */
export function stagedFrom(
  photograph: Photograph,
  { loss = 'killed', seed = 1, before = () => {} }: StagedFrom = {},
): { readonly stage: Stage; leave(): Promise<void> } {
  const random = randomFrom(seed)
  const disk = failingDisk({
    image: afterStop(photograph.image, loss, random),
    random,
    before: (call, number) => before(call, number, stage),
  })
  const folder = cacheFolder(photograph.cache)
  const stage: Stage = stageOf({
    disk,
    folder: folder.path,
    clock: clockFrom(photograph.moment, seed),
    entries: photograph.entries.map((entry) => ({ ...entry })),
    cast: photograph.cast,
  })
  return {
    stage,
    async leave() {
      await stage.closes()
      folder.remove()
    },
  }
}

export function photographOf(stage: Stage, at: string, before?: Photograph): Photograph {
  return {
    at,
    image: stage.disk.memory.image(),
    cache: filesIn(stage.folder, before?.cache),
    moment: stage.clock.moment,
    cast: stage.cast,
    entries: stage.entries.map((entry) => ({ ...entry })),
  }
}

export interface Played {
  readonly taken: readonly Photograph[]
  readonly calls: readonly Call[]
  readonly end: Photograph
}

/** Plays an act from a photograph on, and takes one before each call of the disk and one at the end. */
export async function photographed(act: Act, from: Photograph): Promise<Played> {
  const taken: Photograph[] = []
  const { stage, leave } = stagedFrom(from, {
    seed: seedOf(act.name),
    before: ({ name, path }, number, stage) => {
      taken.push(photographOf(stage, `${act.name}, call ${number}, ${name} ${path}`, taken.at(-1)))
    },
  })
  try {
    await act.play(stage)
    taken.push(photographOf(stage, `${act.name}, its end`, taken.at(-1)))
    return { taken, calls: stage.disk.calls, end: taken.at(-1) ?? from }
  } finally {
    await leave()
  }
}

export const seedOf = (text: string) => createHash('sha256').update(text).digest().readUInt32LE()

/** Two stops that leave the same are one: what a start makes of them is the same, too. */
export function stateOf({ cache, entries }: Photograph, image: Image): string {
  const sum = createHash('sha256')
  for (const [number, inode] of image) {
    sum.update(`\n${number} ${inode.mode} `)
    if (inode.is === 'file') sum.update(inode.bytes).update(inode.lasting).update(JSON.stringify(inode.dirty))
    else sum.update(JSON.stringify([[...inode.names], [...inode.lasting], inode.changes]))
  }
  for (const [name, bytes] of cache) sum.update(`\n${name} `).update(bytes)
  return sum.update(JSON.stringify(entries.map(told))).digest('hex')
}

const told = ({ time, outcome }: { time: Moment; outcome: Outcome }) => [time, outcome]
