import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signInByMail } from '../../commands/sign-ins.ts'
import { isMember } from '../../kernel/actor.ts'
import { days, hours, minutes } from '../../kernel/moment.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { digest } from '../../kernel/stamp.ts'
import { type Reachable, reachable } from '../../queries/addresses.ts'
import { memberByName } from '../../queries/members.ts'
import type { Mailed } from '../../queries/pages/sign-ins.ts'
import { settingsOf } from '../../queries/settings.ts'
import { found } from '../addresses.ts'
import { afterwards } from '../afterwards.ts'
import { briefly } from '../briefly.ts'
import { codes } from '../codes.ts'
import { mailToken, waitForMail } from '../door.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { newKey } from '../keys.ts'
import { comingIn } from '../letters.ts'
import { nowhere, onwardIn } from '../onward.ts'
import { problemOf } from '../problems.ts'
import type { Site } from '../site.ts'
import { comesBack, keepWays } from '../ways.ts'

interface OfToken {
  Params: { token: string }
}

const linkLife = 30 * minutes

/** Whose a number or a link is, and where it was sent. */
type Owner = Reachable

/**
 * Coming back by mail. Whoever asks gets the same answer for every name and address; who that is is looked up when the answer
 * is out. Looking at a link uses nothing up.
 */
export function mailRoutes(app: FastifyInstance, site: Site) {
  const later = afterwards(app)
  const numbers = codes<Owner>(site.source)
  const links = briefly<Owner>(site.source, linkLife)
  const sent = briefly<readonly number[]>(site.source, 1 * days)

  app.post('/sign-in/mail', { config: counted, errorHandler: keepWays }, (request, reply) => {
    found(site.outbox ?? undefined)
    const form = sentBy(request)
    const who = text(form, 'who').trim()
    if (who === '') throw invalid('who', 'Write your name here, or your mail address.')
    if (who.length > 254) throw invalid('who', 'This is too long for a name or an address.')
    app.countFailure(request, 'signIn')
    const holder = digest(waitForMail(site, reply))
    numbers.begin(holder)
    later(reply, () => write(holder, who))
    const onward = onwardIn(form)
    if (onward.next === '') return reply.redirect('/sign-in/mail', 303)
    return showMailed(request, reply, { onward, isOver: false })
  })

  app.get('/sign-in/mail', (request, reply) => {
    found(site.outbox ?? undefined)
    return showMailed(request, reply, { isOver: mailToken(site, request) === undefined })
  })

  app.post('/sign-in/mail/number', { config: counted, errorHandler: keepNumber }, async (request, reply) => {
    const holder = digest(mailToken(site, request) ?? '')
    const outcome = numbers.try(holder, text(sentBy(request), 'code'))
    if (outcome === 'over') throw new Refusal('gone', over)
    if (outcome === 'wrong') throw invalid('code', 'That is not the number in the letter.')
    numbers.end(holder)
    return comesBack(site, [request, reply], signInByMail, proofOf(outcome.meant))
  })

  app.get<OfToken>('/sign-in/mail/:token', ({ params: { token } }, reply) => {
    const { name } = openLink(token)
    return reply.show('sign-ins/mail-link', { token, name })
  })

  app.post<OfToken>('/sign-in/mail/:token', { config: counted }, (request, reply) => {
    const { token } = request.params
    const owner = openLink(token)
    links.drop(digest(token))
    return comesBack(site, [request, reply], signInByMail, proofOf(owner))
  })

  /** A letter to each whom this fits, unless they have had many: those they have got let them in all the same. */
  async function write(holder: string, who: string) {
    if (!site.keyring.isWhole) return
    const cache = site.cache()
    const called = memberByName(cache, who)?.id ?? ''
    for (const owner of reachable(cache, site.keyring, { address: who, member: called })) {
      const { member, name, address } = owner
      if (isTooMuch(member)) continue
      const code = numbers.add(holder, owner)
      if (code === undefined) return
      const token = newKey(site.source)
      links.keep(digest(token), owner)
      const url = `${site.config.baseUrl}/sign-in/mail/${token}`
      site.outbox?.send(comingIn({ community: settingsOf(cache).community, to: address, name, code, url }))
    }
  }

  /** Never when the link in the last one is good no more: then whoever has many sent would keep them out. */
  function isTooMuch(member: string): boolean {
    const now = site.source.now()
    const lately = (sent.get(member) ?? []).filter((at) => at > now - days)
    const within = (time: number) => lately.filter((at) => at > now - time).length
    if (within(linkLife) > 0 && (lately.length >= 10 || within(hours) >= 3)) return true
    sent.keep(member, [...lately, now])
    return false
  }

  function openLink(token: string): Owner {
    const mailed = links.get(digest(token))
    if (!mailed)
      throw new Refusal(
        'gone',
        'This link works no more: each works once, for half an hour. Ask for a new letter.',
      )
    return mailed
  }

  function showMailed(request: FastifyRequest, reply: FastifyReply, page: Partial<Mailed>) {
    const isAgain = isMember(request.actor)
    return reply.show('sign-ins/mailed', { ...usual, isAgain, ...page })
  }

  function keepNumber(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422 && status !== 410) throw error
    reply.code(status)
    return showMailed(request, reply, {
      mistakes: mistakesIn(error, ['code']),
      isOver: status === 410,
      onward: onwardIn(sentBy(request)),
    })
  }
}

const proofOf = ({ member, address }: Owner) => ({ member, address })

/** Asking counts as a failed attempt: whether it is one nobody is to see. */
const counted = { limit: 'signIn' } as const
const usual = { mistakes: { code: null }, isOver: false, onward: nowhere }
const over = 'That number is good no more. Ask for a new letter.'
