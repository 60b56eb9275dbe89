import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { addAddress, mailAddress, removeAddress } from '../../commands/addresses.ts'
import { parsed, perform } from '../../commands/command.ts'
import { hours, momentOf } from '../../kernel/moment.ts'
import { permitted } from '../../kernel/permissions.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { addressKey, addressOf } from '../../queries/addresses.ts'
import { settingsOf } from '../../queries/settings.ts'
import { found } from '../addresses.ts'
import { briefly } from '../briefly.ts'
import { codes } from '../codes.ts'
import { mistakesIn, sentBy, text } from '../forms.ts'
import { confirming, noMoreTo } from '../letters.ts'
import { problemOf } from '../problems.ts'
import { memberOf } from '../session.ts'
import type { Site } from '../site.ts'

/** How many letters a member may have sent to addresses within an hour: some of them are other people's. */
const mostLetters = 5

const input = z.object({ address: mailAddress })

/** The mail address of a member: given, shown by a number to be theirs, and removed. */
export function addressRoutes(app: FastifyInstance, site: Site) {
  const numbers = codes<string>(site.source)
  const sent = briefly<number>(site.source, 1 * hours)

  const community = () => settingsOf(site.cache()).community

  app.get('/me/address', showAddress)

  app.post('/me/address', { errorHandler: keepAddress }, (request, reply) => {
    const outbox = found(site.outbox ?? undefined)
    const { member, session } = permitted(memberOf(request), 'addAddress', momentOf(site.source.now()))
    const { address } = parsed(input, sentBy(request))
    const before = sent.get(member) ?? 0
    if (before >= mostLetters)
      throw new Refusal('too-soon', 'Several letters were sent for you. Come back in an hour.')
    sent.keep(member, before + 1)
    numbers.begin(session)
    outbox.send(confirming(community(), address, numbers.add(session, address) ?? ''))
    return reply.redirect('/me/address', 303)
  })

  app.post('/me/address/number', { errorHandler: keepAddress }, async (request, reply) => {
    const reader = permitted(memberOf(request), 'addAddress', momentOf(site.source.now()))
    const outcome = numbers.try(reader.session, text(sentBy(request), 'code'))
    if (outcome === 'wrong') throw invalid('code', 'That is not the number in the letter.')
    if (outcome === 'over')
      throw invalid('address', 'That number is good no more. Give the address again for a new one.')
    const before = addressOf(site.cache(), site.keyring, reader.member)?.address
    await perform(site.record, addAddress, reader, { address: outcome.meant })
    numbers.end(reader.session)
    if (before && addressKey(before) !== addressKey(outcome.meant))
      site.outbox?.send(noMoreTo(community(), before, reader.name))
    return reply.redirect('/me/address', 303)
  })

  app.post('/me/address/removal', async (request, reply) => {
    const { member, name } = memberOf(request)
    const before = addressOf(site.cache(), site.keyring, member)?.address
    await perform(site.record, removeAddress, request.actor, {})
    if (before) site.outbox?.send(noMoreTo(community(), before, name))
    return reply.redirect('/me/address', 303)
  })

  function showAddress(request: FastifyRequest, reply: FastifyReply, error?: unknown) {
    const { member, session } = memberOf(request)
    const known = addressOf(site.cache(), site.keyring, member)
    const [, awaited] = numbers.of(session)[0] ?? []
    return reply.show('sign-ins/address', {
      address: known?.address ?? null,
      isShut: known?.address === null,
      addedAt: known?.addedAt ?? null,
      awaited: awaited ?? null,
      written: text(sentBy(request), 'address'),
      mistakes: mistakesIn(error instanceof Refusal ? error : undefined, ['address', 'code']),
      hasMail: site.outbox !== null,
    })
  }

  function keepAddress(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const { status } = problemOf(error)
    if (status !== 422) throw error
    reply.code(status)
    return showAddress(request, reply, error)
  }
}
