import { markPrayer, unmarkPrayer } from '../commands/marks.ts'
import { topics } from '../commands/prayer-choices.ts'
import { postPrayer } from '../commands/prayers.ts'
import { days, hours } from '../kernel/moment.ts'

import { planBecoming } from './becoming.ts'
import { aroundMedian, type Chance, happens, oneOf } from './chance.ts'
import type { Community } from './joining.ts'
import { type Mark, prayingFor } from './praying.ts'
import { madeUpRequest } from './requests.ts'
import { actorOf, type Person, type Scene } from './scene.ts'
import { quiet } from './turns.ts'

interface Asking extends Community {
  readonly prayers: number
  readonly marks: number
}

/**
 * Plans what people ask for, and that others pray: for some requests hundreds do, for some nobody. Who prays for one is
 * settled when it is posted, so that no more lies in memory than is still to come for those that are.
 */
export function planAsking(scene: Scene, chance: Chance, { people, crowd, prayers, marks }: Asking) {
  const { agenda, turns, until } = scene
  const moments = momentsOfPosting(chance, scene, prayers)
  const shares = shared(
    marks,
    moments.map((posted) => sympathy(chance, until - posted) * crowd.presentAt(posted + 3 * days)),
  )

  moments.forEach((posted, number) => {
    agenda.plan(posted, async (moment) => {
      const author = crowd.someoneAt(moment)
      const person = of(people, author)
      const actor = await actorOf(scene, person, moment)
      const language = oneOf(chance, person.languages)
      const request = madeUpRequest(chance, language)
      const forWhom = happens(chance, 0.1) ? oneOf(chance, people).name : undefined
      // Made up long ago, they would all lapse at the first start.
      const raw = { request, forWhom, consent: forWhom && 'yes', lasts: 'open', topic: oneOf(chance, topics) }
      const answer = turns.take({ moment, command: postPrayer, actor, raw })
      const prayer = quiet(answer.then(({ prayer }) => prayer))
      scene.count()
      const ended = planBecoming(scene, chance, { author: person, language, posted, prayer })
      const marks = prayingFor(chance, crowd, { author, posted, until: ended, marks: shares[number] ?? 0 })
      planMarks(scene, people, prayer, marks)
    })
  })
}

/** Plans only the next one of them at a time: millions of plans would fill the memory. */
function planMarks(scene: Scene, people: readonly Person[], prayer: Promise<string>, marks: readonly Mark[]) {
  const { agenda, turns, count } = scene
  const left = marks.toSorted((one, other) => other.moment - one.moment)
  planNext()

  function planNext() {
    const mark = left.pop()
    if (mark) agenda.plan(mark.moment, (moment) => pray(moment, mark))
  }

  async function pray(moment: number, { member, undone }: Mark) {
    const actor = await actorOf(scene, of(people, member), moment)
    const raw = { prayer: await prayer }
    turns.take({ moment, command: markPrayer, actor, raw })
    planNext()
    if (undone === undefined) return count()
    agenda.plan(undone, (moment) => {
      turns.take({ moment, command: unmarkPrayer, actor, raw })
    })
  }
}

/** More and more as the community grows; the last a few hours before the end. */
function momentsOfPosting(chance: Chance, { start, until }: Scene, prayers: number): number[] {
  const [from, to] = [start + hours, until - 3 * hours]
  const moments = Array.from({ length: prayers }, () => from + (to - from) * chance.fraction() ** 0.7)
  return moments.map(Math.floor).sort((one, other) => one - other)
}

/** How many pray for a request, compared with others: a few move everybody, some nobody, the newest few so far. */
const sympathy = (chance: Chance, age: number) =>
  happens(chance, 0.08) ? 0 : aroundMedian(chance, 1, 1.1) * (1 - Math.exp(-age / (2 * days)))

/** Divides a whole number by weight into whole numbers that add up to it. */
function shared(whole: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  if (all === 0) return weights.map((_, place) => (place === 0 ? whole : 0))
  let [sum, given] = [0, 0]
  return weights.map((weight) => {
    sum += weight
    const share = Math.round((whole * sum) / all) - given
    given += share
    return share
  })
}

function of(people: readonly Person[], place: number): Person {
  const person = people[place]
  if (!person) throw new RangeError(`there is no person ${place}`)
  return person
}
