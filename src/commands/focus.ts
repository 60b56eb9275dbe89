import { z } from 'zod'
import { dayOf, daysAfter, endOf } from '../kernel/calendar.ts'
import { isMoment } from '../kernel/moment.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { mostDaysInFocus, mostInFocus, placedInFocus } from '../queries/focus.ts'
import { maySee } from '../queries/may-see.ts'
import { seenById } from '../queries/prayers.ts'
import { settingsOf } from '../queries/settings.ts'
import { focusEnded, focusPlaced } from '../records/focus.ts'
import { command, type Deciding } from './command.ts'
import { prayer, visibleTo } from './visible.ts'

const noDay = 'Choose the last day on which it is in focus.'

/** Puts a request into the community's focus until the end of a day, or gives it another end. */
export const placeInFocus = command({
  name: 'placeInFocus',
  input: z.object({
    prayer,
    until: z.string(noDay).refine((day) => isMoment(`${day}T00:00:00.000Z`), noDay),
  }),
  decide(asked, { prayer, until: lastDay }) {
    const { cache, actor, stamp } = asked
    const { sees, state } = visibleTo(asked, prayer)
    if (sees !== 'everyone')
      throw new Refusal('invalid', 'Not everyone can see this, so it cannot be in focus.')
    if (state !== 'open') throw new Refusal('invalid', 'Nobody is asked to pray for this any more.')
    const zone = settingsOf(cache).timeZone
    const today = dayOf(stamp.time, zone)
    if (lastDay < today) throw invalid('until', 'That day is over.')
    if (lastDay > daysAfter(today, mostDaysInFocus))
      throw invalid('until', `Choose a day within the next ${mostDaysInFocus} days.`)
    const placed = placedInFocus(cache, stamp.time)
    const known = placed.find((one) => one.prayer === prayer)
    if (!known && placed.length >= mostInFocus)
      throw new Refusal('invalid', 'There is no room in the focus: take one out first.')
    const place = known?.place ?? (placed.at(-1)?.place ?? 0) + 1
    const draft = focusPlaced.of({ by: actor.member, prayer, place, until: endOf(lastDay, zone) })
    return { drafts: [draft], result: { prayer } }
  },
})

/** One place up or down: it and its neighbour change over. */
export const moveInFocus = command({
  name: 'moveInFocus',
  input: z.object({ prayer, to: z.enum(['up', 'down'], 'Move it up or down.') }),
  decide(asked, { prayer, to }) {
    const { cache, actor, stamp } = asked
    visibleTo(asked, prayer)
    const placed = placedInFocus(cache, stamp.time)
    const at = placed.findIndex((one) => one.prayer === prayer)
    const one = placed[at]
    const others = to === 'up' ? placed.slice(0, Math.max(at, 0)).reverse() : placed.slice(at + 1)
    const next = nearestSeen(asked, others)
    if (!one || !next) return { drafts: [], result: { prayer } }
    const { member: by } = actor
    const drafts = [
      focusPlaced.of({ ...one, by, place: next.place }),
      focusPlaced.of({ ...next, by, place: one.place }),
    ]
    return { drafts, result: { prayer } }
  },
})

/** Takes a request out of the focus; one that is not in it stays out. */
export const takeFromFocus = command({
  name: 'takeFromFocus',
  input: z.object({ prayer }),
  decide(asked, { prayer }) {
    const { cache, actor, stamp } = asked
    visibleTo(asked, prayer)
    const isThere = placedInFocus(cache, stamp.time).some((one) => one.prayer === prayer)
    const drafts = isThere ? [focusEnded.of({ by: actor.member, prayer })] : []
    return { drafts, result: { prayer } }
  },
})

/** The first of these that the moderator sees in the list, too. */
const nearestSeen = (asked: Deciding, placed: ReturnType<typeof placedInFocus>) =>
  placed.find(({ prayer }) => {
    const found = seenById(asked.cache, prayer)
    return found !== undefined && maySee(asked.cache, asked.stamp.keyring, asked.actor, found)
  })
