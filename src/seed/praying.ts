import { days, hours, minutes } from '../kernel/moment.ts'
import { type Chance, happens, waitOf } from './chance.ts'
import type { Crowd } from './crowd.ts'

/** A request that people are going to pray for. */
export interface Request {
  readonly author: number
  readonly posted: number
  readonly until: number
  /** How many marks are to stand in the end. */
  readonly marks: number
}

export interface Mark {
  readonly moment: number
  readonly member: number
  /** It is taken back at this moment. */
  readonly undone?: number
}

/**
 * Who prays for a request and when: most within days, some for weeks, hardly anyone at night; one in twenty comes back,
 * and now and then somebody taps it by mistake. Two marks of one person are more than a minute apart.
 */
export function prayingFor(chance: Chance, crowd: Crowd, request: Request): Mark[] {
  const agreed = appointments(chance, crowd, request)
  const marks: Mark[] = []
  for (let number = 0; number < request.marks; number++) {
    marks.push(agreed())
    if (happens(chance, 0.01)) marks.push(takenBack(chance, agreed()))
  }
  return marks
}

const takenBack = (chance: Chance, mark: Mark): Mark => ({
  ...mark,
  undone: mark.moment + 4_000 + chance.below(50_000),
})

function appointments(chance: Chance, crowd: Crowd, request: Request) {
  const prayed: number[] = []
  const hasPrayed = new Set<number>()
  const taken = new Set<number>()

  const isFree = ({ moment, member }: Mark) => {
    const slot = slotOf(moment, member)
    return !taken.has(slot - 1) && !taken.has(slot) && !taken.has(slot + 1)
  }
  const isNew = ({ moment, member }: Mark) =>
    !hasPrayed.has(member) && (member !== request.author || crowd.presentAt(moment) === 1)

  const someone = (moment: number): Mark => {
    const back = happens(chance, 0.05) ? prayed[chance.below(prayed.length)] : undefined
    if (back !== undefined && back < crowd.presentAt(moment)) return { moment, member: back }
    let mark = { moment, member: crowd.someoneAt(moment) }
    for (let attempt = 0; attempt < 12 && !isNew(mark); attempt++)
      mark = { moment, member: crowd.someoneAt(moment) }
    return isNew(mark) ? mark : nextNew(mark)
  }
  /** Those who pray for everything have prayed: it is the turn of the quiet ones. */
  const nextNew = (mark: Mark): Mark => {
    const present = crowd.presentAt(mark.moment)
    for (let step = 1; step <= present; step++) {
      const other = { ...mark, member: (mark.member + step) % present }
      if (isNew(other)) return other
    }
    return mark
  }

  return (): Mark => {
    let mark = someone(momentIn(chance, request))
    for (let attempt = 0; attempt < 20 && !isFree(mark); attempt++) mark = someone(momentIn(chance, request))
    if (!isFree(mark)) mark = firstFree(crowd, request, isFree)
    taken.add(slotOf(mark.moment, mark.member))
    if (!hasPrayed.has(mark.member)) prayed.push(mark.member)
    hasPrayed.add(mark.member)
    return mark
  }
}

/** A person's minute, as one number. */
const slotOf = (moment: number, member: number) => member * 2 ** 28 + Math.floor(moment / minutes)

/** Most pray soon after they read it, at an hour when people are awake. */
function momentIn(chance: Chance, { posted, until }: Request): number {
  const [from, to] = [posted + 30_000, until - minutes]
  let moment = from
  for (let attempt = 0; attempt < 6; attempt++) {
    const luck = chance.fraction()
    const wait = luck < 0.65 ? 16 * hours : luck < 0.9 ? 4 * days : 25 * days
    moment = from + waitOf(chance, wait)
    if (moment >= to) moment = from + chance.fraction() * (to - from)
    if (happens(chance, awake[new Date(moment).getUTCHours()] ?? 0)) break
  }
  return Math.floor(moment)
}

/** How likely people pray in each hour of the day: in the morning, at noon, before they sleep. */
const awake = [
  0.15, 0.08, 0.05, 0.06, 0.15, 0.4, 0.75, 0.9, 0.7, 0.5, 0.45, 0.5, 0.65, 0.5, 0.4, 0.4, 0.45, 0.55, 0.7,
  0.8, 0.95, 1, 0.7, 0.35,
]

/** So many marks for so few people that only going through all minutes finds one. */
function firstFree(crowd: Crowd, { posted, until }: Request, isFree: (mark: Mark) => boolean): Mark {
  for (let moment = posted + 2 * minutes; moment < until - minutes; moment += minutes) {
    for (let member = 0; member < crowd.presentAt(moment); member++) {
      if (isFree({ moment, member })) return { moment, member }
    }
  }
  throw new RangeError('There are more marks than minutes to pray in.')
}
