import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { writtenBy } from '../kernel/actor.ts'
import { later, type Moment } from '../kernel/moment.ts'
import { Refusal } from '../kernel/refusal.ts'
import { digest } from '../kernel/stamp.ts'
import { addressKey, addressOf } from '../queries/addresses.ts'
import { memberByName, standingOf } from '../queries/members.ts'
import { holdsAnyRole } from '../queries/roles.ts'
import {
  allOpenSignIns,
  askedWithinTheHour,
  isOpen,
  mayVouch,
  openSignIns,
  type SignIn,
  signInByBrowser,
  signInById,
  vouchersFor,
  waitingTime,
} from '../queries/sign-ins.ts'
import { signInApproved, signInAsked, signInRefused, signInUsed } from '../records/sign-ins.ts'
import { command, type Decision } from './command.ts'
import { arriving, comeIn } from './sessions.ts'

/*
 * Coming in by a device that is in here already, or by two people who know the voice. What the site shows at the door is a
 * number; whoever lets somebody in has typed it, and the web has seen that it was right before any of this is asked.
 */

/** More than that within an hour are not written down: whoever floods a name fills nothing, and locks nobody out. */
const mostInAnHour = 5

/** How many who know the voice it takes. */
const enoughVoices = 2

const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
const noneWaits = 'Nobody waits there any more.'

/** What came of asking: `signIn` is null when it was not written down. */
export interface Asked {
  /** Null when nobody who is here is called so. */
  readonly member: string | null
  readonly signIn: string | null
}

/** Somebody at a browser says who they are. Whoever asked never learns what came of it. */
export const askSignIn = command({
  name: 'askSignIn',
  input: z.object({ name: z.string(), browser: token, device: z.string().max(200).optional() }),
  decide({ cache, actor, stamp }, { name, browser, device }): Decision<Asked> {
    const member = memberByName(cache, name)?.id
    if (member === undefined || standingOf(cache, member) !== 'here')
      return { drafts: [], result: { member: null, signIn: null } }
    if (askedWithinTheHour(cache, member, stamp.time) >= mostInAnHour)
      return { drafts: [], result: { member, signIn: null } }
    const signIn = stamp.id('signIn')
    const asked = { signIn, member, browser: digest(browser), until: later(stamp.time, waitingTime), device }
    return { drafts: [signInAsked.of({ by: writtenBy(actor), ...asked })], result: { member, signIn } }
  },
})

/** A member lets in whoever showed the number: themselves at once, somebody else together with another who knows the voice. */
export const approveSignIn = command({
  name: 'approveSignIn',
  input: z.object({ signIn: z.string() }),
  decide({ cache, actor, stamp }, input): Decision<{ readonly isEnough: boolean }> {
    const by = actor.member
    const { id: signIn, member, state } = waiting(signInById(cache, input.signIn), stamp.time)
    if (member !== by && !mayVouch(cache, by, member, stamp.time)) throw new Refusal('not-found', noneWaits)
    if (state === 'approved') return { drafts: [], result: { isEnough: true } }
    const voices = new Set([...vouchersFor(cache, signIn), by])
    const enough = member === by || voices.size >= enoughVoices
    const proved = member === by ? actor.signedInAt : undefined
    return {
      drafts: [signInApproved.of({ by, signIn, member, enough, proved })],
      result: { isEnough: enough },
    }
  },
})

/** A member lets themselves in by a number that was too much to be written down: it is now. */
export const approveUnwritten = command({
  name: 'approveSignIn',
  input: z.object({ browser: z.string().regex(/^[0-9a-f]{64}$/), device: z.string().max(200).optional() }),
  decide({ cache, actor: { member, signedInAt: proved }, stamp }, { browser, device }) {
    const known = signInByBrowser(cache, browser)
    if (known) throw new Refusal('not-found', noneWaits)
    const signIn = stamp.id('signIn')
    const until = later(stamp.time, waitingTime)
    return {
      drafts: [
        signInAsked.of({ by: 'visitor', signIn, member, browser, until, device }),
        signInApproved.of({ by: member, signIn, member, enough: true, proved }),
      ],
      result: { signIn },
    }
  },
})

/** "This was not me." It ends, also when it was approved a moment ago. */
export const refuseSignIn = command({
  name: 'refuseSignIn',
  input: z.object({ signIn: z.string() }),
  decide({ cache, actor, stamp }, input) {
    const found = signInById(cache, input.signIn)
    if (found?.member !== actor.member) throw new Refusal('not-found', noneWaits)
    if (!isOpen(found, stamp.time)) return { drafts: [], result: {} }
    return { drafts: [refused(actor.member, found.id, actor.member)], result: {} }
  },
})

/** The browser that waited comes in, once. */
export const finishSignIn = command({
  name: 'finishSignIn',
  input: arriving.extend({ browser: token }),
  decide(asked, { browser, ...arrival }) {
    const { cache, stamp } = asked
    const found = signInByBrowser(cache, digest(browser))
    if (found?.state !== 'approved' || !isOpen(found, stamp.time))
      throw new Refusal('gone', 'Nobody has let you in yet, or it was too long ago. Ask once more.')
    const { id: signIn, member, decidedBy, provedAt } = found
    const isVouched = decidedBy !== member
    if (isVouched && holdsAnyRole(cache, member, stamp.time))
      throw new Refusal('gone', 'In this way nobody comes in who has been given something to look after.')
    const how = isVouched ? 'vouched' : 'device'
    // A device lying open lets another in, which can do no more than it could.
    const proved = provedAt ?? undefined
    const { closed, session } = comeIn(asked, member, { ...arrival, how, proved })
    return {
      drafts: [...closed, signInUsed.of({ by: member, signIn }), session.draft],
      result: session.opened,
    }
  },
})

/**
 * Comes in by a letter: the web has seen its number, or its link, and knows whose it was and where it went. Whoever has taken
 * that address away meanwhile had a reason.
 */
export const signInByMail = command({
  name: 'signInByMail',
  input: arriving.extend({ member: z.string(), address: z.string() }),
  decide(asked, { member, address, ...arrival }) {
    const known = addressOf(asked.cache, asked.stamp.keyring, member)?.address ?? undefined
    if (known === undefined || addressKey(known) !== addressKey(address))
      throw new Refusal(
        'gone',
        'That letter went to an address that is theirs no more. Come in by another way.',
      )
    const { closed, session } = comeIn(asked, member, { ...arrival, how: 'mail' })
    return { drafts: [...closed, session.draft], result: session.opened }
  },
})

/** The records that end everything by which somebody could still come in as this member. */
export const endSignIns = (cache: Reading, by: string, member: string, now: Moment) =>
  openSignIns(cache, member, now).map((signIn) => refused(by, signIn, member))

/** The same of everybody. */
export const endAllSignIns = (cache: Reading, by: string, now: Moment) =>
  allOpenSignIns(cache, now).map(({ id, member }) => refused(by, id, member))

const refused = (by: string, signIn: string, member: string) => signInRefused.of({ by, signIn, member })

function waiting(found: SignIn | undefined, now: Moment): SignIn {
  if (!found || !isOpen(found, now)) throw new Refusal('not-found', noneWaits)
  return found
}
