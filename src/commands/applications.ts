import * as z from 'zod'
import { writtenBy } from '../kernel/actor.ts'
import { days, later } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { digest, keyOf, tokenOf } from '../kernel/stamp.ts'
import {
  applicationById,
  applicationByToken,
  countWaiting,
  dueForErasure,
  dueToLapse,
  mostWaiting,
  reasonOf,
  wordOf,
} from '../queries/applications.ts'
import { settingsOf } from '../queries/settings.ts'
import { applicationApproved, applicationDeclined, applicationSent } from '../records/applications.ts'
import { recordErased } from '../records/erasures.ts'
import { inviteIssued } from '../records/invites.ts'
import { command, optional } from './command.ts'
import { clientKey, doneBefore } from './keys.ts'
import { typed } from './words.ts'

export const tooMany =
  'More people have asked to join than can be answered at once. Please come back in a week: you are not forgotten.'
export const byInviteOnly = 'People join here by invitation only: ask somebody who belongs here.'

const written = (most: number, sentence: string) =>
  typed(most, sentence).refine((text) => text !== '', sentence)

/**
 * Asks to join. Whether somebody has that name here is not even looked at, so no answer can tell. The token leads to the
 * page that says how it stands, and comes in by it when an admin has said yes.
 */
export const sendApplication = command({
  name: 'sendApplication',
  input: z.object({
    name: written(100, 'Write what people call you.'),
    why: written(3_000, 'Write a few lines about why you would like to join.'),
    contact: written(300, 'Write how an admin can reach you: an address or a number.'),
    key: clientKey,
  }),
  decide({ cache, actor, stamp }, { key: sent, ...words }) {
    const by = writtenBy(actor)
    const key = sent && keyOf(by, sent)
    const token = tokenOf(by, sent) ?? stamp.token()
    const isThis = (id: string) => applicationByToken(cache, digest(token))?.id === id
    const known = doneBefore(cache, key, applicationSent, isThis)
    if (known) return { drafts: [], result: { application: known, token } }

    if ('member' in actor) throw new Refusal('forbidden', `You are here already, as ${actor.name}.`)
    if (!settingsOf(cache).applications) throw new Refusal('not-found', byInviteOnly)
    if (countWaiting(cache) >= mostWaiting) throw new Refusal('too-soon', tooMany)
    const application = stamp.id('application')
    const sealed = (field: keyof typeof words) => stamp.seal(wordOf(application, field), words[field])
    const draft = applicationSent.of({
      ...{ by, key, application, token: digest(token) },
      ...{ name: sealed('name'), why: sealed('why'), contact: sealed('contact') },
    })
    return { drafts: [draft], result: { application, token } }
  },
})

const noSuchApplication = 'There is no such application.'

/**
 * Yes, and whoever asked may come in for a week by the link they have already; or no, with what they read of it. Said
 * twice, it is said once.
 */
export const decideApplication = command({
  name: 'decideApplication',
  input: z.object({
    application: z.string(noSuchApplication),
    answer: z.enum(['yes', 'no'], 'Choose yes or no.'),
    reason: optional(typed(1_000, 'Write a few words, or leave this empty.')),
  }),
  decide({ cache, actor, stamp }, { application, answer, reason }) {
    const by = writtenBy(actor)
    const found = applicationById(cache, application)
    if (!found) throw new Refusal('not-found', noSuchApplication)
    const decided = answer === 'yes' ? 'approved' : 'declined'
    if (found.state === decided) return { drafts: [], result: {} }
    if (found.state !== 'open')
      throw new Refusal('conflict', 'This was answered already, or has waited too long.')

    if (answer === 'no') {
      const kept = reason && stamp.seal(reasonOf(application), reason)
      return { drafts: [applicationDeclined.of({ by, application, reason: kept })], result: {} }
    }
    const invite = stamp.id('invite')
    const until = later(stamp.time, 7 * days)
    return {
      drafts: [
        inviteIssued.of({ by, invite, token: found.token, seats: 1, until, application }),
        applicationApproved.of({ by, application, invite }),
      ],
      result: {},
    }
  },
})

/** Says no, without a reason, to all that nobody answered within 60 days: their page tells how it came about. */
export const lapseApplications = command({
  name: 'lapseApplications',
  input: z.object({}),
  decide({ cache, stamp }) {
    const due = dueToLapse(cache, stamp.time)
    const drafts = due.map(({ id }) => applicationDeclined.of({ by: 'schedule', application: id }))
    return { drafts, result: { applications: due.length } }
  },
})

/** Has the words of all applications erased that were decided 30 days ago. */
export const eraseApplications = command({
  name: 'eraseApplications',
  input: z.object({}),
  decide({ cache, stamp }) {
    const due = dueForErasure(cache, stamp.time)
    const erased = (record: number, hash: string, field: string) =>
      recordErased.of({ by: 'schedule', record, hash, field, why: 'privacy' })
    const drafts = due.flatMap(({ sequence, hash, declinedIn, declinedHash, ...words }) => [
      ...(['name', 'why', 'contact'] as const)
        .filter((field) => words[field] !== null)
        .map((field) => erased(sequence, hash, field)),
      ...(words.reason === null || declinedIn === null || declinedHash === null
        ? []
        : [erased(declinedIn, declinedHash, 'reason')]),
    ])
    return { drafts, result: { applications: due.length } }
  },
})
