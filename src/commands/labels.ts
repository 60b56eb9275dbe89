import * as z from 'zod'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { labelById, labelsOf } from '../queries/labels.ts'
import { memberKnownTo } from '../queries/members.ts'
import { labelGiven, labelTaken } from '../records/labels.ts'
import { command } from './command.ts'
import { typed } from './words.ts'

const noSuchMember = 'There is nobody here like that.'
const noWords = 'Write what stands beside the name, like "Supporter".'
const mostLabels = 8

const oneLine = (most: number, sentence: string) =>
  typed(most, sentence).refine((text) => !text.includes('\n'), 'Keep this to one line.')

/** Words, and a symbol if one likes, that stand beside somebody's name. */
export const giveLabel = command({
  name: 'giveLabel',
  input: z.object({
    member: z.string(noSuchMember),
    words: oneLine(40, noWords).refine((text) => text !== '', noWords),
    symbol: oneLine(12, 'Write one symbol, or leave this empty.')
      .refine((text) => graphemes(text) <= 1, 'One symbol is enough.')
      .optional(),
  }),
  decide({ cache, actor, stamp }, { member, words, symbol = '' }) {
    if (!memberKnownTo(cache, actor.member, member)) throw new Refusal('not-found', noSuchMember)
    const labels = labelsOf(cache, member)
    if (labels.some((label) => label.words === words && (label.symbol ?? '') === symbol))
      return { drafts: [], result: { member } }
    if (labels.length >= mostLabels) throw invalid('words', 'They have enough of these: take one away first.')
    const label = { by: actor.member, label: stamp.id('label'), member, words }
    return { drafts: [labelGiven.of({ ...label, symbol: symbol || undefined })], result: { member } }
  },
})

/** Takes a label away; one that is gone already stays gone. */
export const takeLabel = command({
  name: 'takeLabel',
  input: z.object({ member: z.string(noSuchMember), label: z.string('There is no such label.') }),
  decide({ cache, actor }, { member, label }) {
    if (!memberKnownTo(cache, actor.member, member)) throw new Refusal('not-found', noSuchMember)
    const isTheirs = labelById(cache, label)?.member === member
    const drafts = isTheirs ? [labelTaken.of({ by: actor.member, label, member })] : []
    return { drafts, result: { member } }
  },
})

const graphemes = (text: string) => [...new Intl.Segmenter('en').segment(text)].length
