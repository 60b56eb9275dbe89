import * as z from 'zod'
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

/** As many as there is room for. */
const places = ['1', '2', '3', '4', '5', '6', '7'] as const

/**
 * Gives a request a place among those that the moderator sees there, from 1; those between move up or down. The place and no
 * direction, so that sent twice it moves once.
 */
export const moveInFocus = command({
  name: 'moveInFocus',
  input: z.object({ prayer, to: z.enum(places, 'This page is out of date: open it again.') }),
  decide(asked, { prayer, to }) {
    const { cache, actor, stamp } = asked
    visibleTo(asked, prayer)
    const shown = placedInFocus(cache, stamp.time).filter(isSeenBy(asked))
    const from = shown.findIndex((one) => one.prayer === prayer)
    const moved = shown[from]
    if (!moved) return { drafts: [], result: { prayer } }
    const ordered = shown.toSpliced(from, 1).toSpliced(Number(to) - 1, 0, moved)
    const drafts = ordered.flatMap((one, at) => {
      const place = shown[at]?.place
      return place === undefined || place === one.place
        ? []
        : [focusPlaced.of({ ...one, by: actor.member, place })]
    })
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

const isSeenBy =
  ({ cache, actor, stamp }: Deciding) =>
  ({ prayer }: { readonly prayer: string }) => {
    const found = seenById(cache, prayer)
    return found !== undefined && maySee(cache, stamp.keyring, actor, found)
  }
