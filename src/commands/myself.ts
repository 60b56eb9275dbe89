import * as z from 'zod'
import { composedName } from '../kernel/names.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { memberById } from '../queries/members.ts'
import { formerNameIn, namesTakenLately } from '../queries/names.ts'
import { recordErased } from '../records/erasures.ts'
import { memberRenamed, profileChanged, visibilityChanged, welcomeDismissed } from '../records/members.ts'
import { command } from './command.ts'
import { requireFree } from './members.ts'
import { typed } from './words.ts'

/** Each name that somebody gives up is kept for them, so nobody may go through many. */
const mostNames = 4

/** Another name for oneself; the one before stays one's own for 90 days. */
export const renameMyself = command({
  name: 'renameMyself',
  input: z.object({
    name: z.string('Write the name that people here will see.').max(1_000, 'This is too long for a name.'),
  }),
  decide({ cache, actor, stamp }, { name: written }) {
    const name = composedName(written)
    requireFree(cache, name, stamp.time, actor.member)
    if (name === memberById(cache, actor.member)?.name) return { drafts: [], result: { name } }
    if (namesTakenLately(cache, actor.member, stamp.time) >= mostNames)
      throw invalid('name', 'You have changed your name often lately. Please keep this one for a while.')
    return { drafts: [memberRenamed.of({ by: actor.member, member: actor.member, name })], result: { name } }
  },
})

const noSuchName = 'You have no such name any more.'

/** Has a name that one had before taken out of the archive, for good. Then anybody may have it. */
export const eraseFormerName = command({
  name: 'eraseFormerName',
  input: z.object({
    record: z
      .string(noSuchName)
      .regex(/^\d{1,15}$/, noSuchName)
      .transform(Number),
  }),
  decide({ cache, actor }, { record }) {
    const hash = formerNameIn(cache, actor.member, record)
    if (hash === undefined) throw new Refusal('not-found', noSuchName)
    const why = 'wish' as const
    return { drafts: [recordErased.of({ by: actor.member, record, hash, field: 'name', why })], result: {} }
  },
})

/** A few words about oneself, for everyone here; none takes away what was there. */
export const changeProfile = command({
  name: 'changeProfile',
  input: z.object({ about: typed(500, 'Write a few words, or leave this empty.') }),
  decide({ cache, actor }, { about }) {
    const isSame = (memberById(cache, actor.member)?.about ?? '') === about
    const draft = profileChanged.of({ by: actor.member, about: about === '' ? undefined : about })
    return { drafts: isSame ? [] : [draft], result: {} }
  },
})

/** Whether those who asked see that it was oneself who prayed. */
export const changeVisibility = command({
  name: 'changeVisibility',
  input: z.object({ unseen: z.enum(['yes', 'no'], 'Choose one of the two.') }),
  decide({ cache, actor }, { unseen }) {
    const praysUnseen = unseen === 'yes'
    const isSame = memberById(cache, actor.member)?.praysUnseen === praysUnseen
    const draft = visibilityChanged.of({ by: actor.member, praysUnseen })
    return { drafts: isSame ? [] : [draft], result: {} }
  },
})

/** Puts the welcome away. */
export const dismissWelcome = command({
  name: 'dismissWelcome',
  input: z.object({}),
  decide({ cache, actor }) {
    const isAway = memberById(cache, actor.member)?.welcomedAt !== null
    return { drafts: isAway ? [] : [welcomeDismissed.of({ by: actor.member })], result: {} }
  },
})
