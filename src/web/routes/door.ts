import type { FastifyInstance, FastifyRequest } from 'fastify'
import { perform } from '../../commands/command.ts'
import { askSignIn, finishSignIn } from '../../commands/sign-ins.ts'
import { isMember } from '../../kernel/actor.ts'
import { days, later } from '../../kernel/moment.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { digest } from '../../kernel/stamp.ts'
import { isVouchingOn, signInByBrowser } from '../../queries/sign-ins.ts'
import { afterwards } from '../afterwards.ts'
import { spoken } from '../codes.ts'
import { atTheDoor, type Door, leaveDoor, waitAtDoor } from '../door.ts'
import { sentBy, text } from '../forms.ts'
import type { Site } from '../site.ts'
import { comesBack, deviceIn, keepWays } from '../ways.ts'

/** Asking counts as a failed attempt: whether it is one nobody is to see. */
const counted = { limit: 'signIn' } as const

/** How many browsers are remembered for one member, of those that were too many to be written down. */
const mostUnwritten = 50

/**
 * Waiting to be let in by somebody who is in here. Whoever asks gets the same answer for every name; who that is is looked up
 * when the answer is out. Whoever waits may do nothing but wait.
 */
export function doorRoutes(app: FastifyInstance, site: Site, door: Door) {
  const afterIt = afterwards(app)

  app.post('/sign-in/door', { config: counted, errorHandler: keepWays }, (request, reply) => {
    const name = text(sentBy(request), 'called').trim()
    if (name === '') throw invalid('called', 'Write the name by which people here know you.')
    if (name.length > 100) throw invalid('called', 'This is too long for a name.')
    const state = site.state()
    if (!state.writable) throw new Refusal('read-only', state.sentence)
    app.countFailure(request, 'signIn')
    const { token } = waitAtDoor(site, reply, name)
    showNumber(digest(token))
    afterIt(reply, () => ask(request, { name, browser: token, device: deviceIn(request) }))
    return reply.redirect('/sign-in/waiting', 303)
  })

  app.get('/sign-in/waiting', (request, reply) => {
    const waiting = atTheDoor(site, request)
    if (isMember(request.actor)) return reply.redirect('/', 302)
    if (!waiting) return reply.redirect('/sign-in', 302)
    const holder = digest(waiting.token)
    const cache = site.cache()
    const state = stateOf(signInByBrowser(cache, holder)?.state)
    if (state === 'asked') reply.header('refresh', '10')
    const [code] = door.codes.of(holder)[0] ?? []
    return reply.show('sign-ins/waiting', {
      ...{ name: waiting.name, state, until: later(waiting.askedAt, days), isVouching: isVouchingOn(cache) },
      code: code === undefined ? null : spoken(code),
    })
  })

  app.post('/sign-in/waiting/number', { config: { limit: 'number' } }, (request, reply) => {
    const waiting = atTheDoor(site, request)
    if (!waiting) return reply.redirect('/sign-in', 303)
    showNumber(digest(waiting.token))
    return reply.redirect('/sign-in/waiting', 303)
  })

  app.post('/sign-in/waiting', { config: counted }, async (request, reply) => {
    const waiting = atTheDoor(site, request)
    if (!waiting) throw new Refusal('gone', 'Nobody waits here any more. Ask once more.')
    const page = await comesBack(site, [request, reply], finishSignIn, { browser: waiting.token })
    door.codes.end(digest(waiting.token))
    leaveDoor(site, reply)
    return page
  })

  function showNumber(holder: string) {
    door.codes.begin(holder)
    door.codes.add(holder, true)
  }

  async function ask(
    { actor }: FastifyRequest,
    asking: { name: string; browser: string; device: string | undefined },
  ) {
    const { member, signIn } = await perform(site.record, askSignIn, actor, asking)
    if (member === null || signIn !== null) return
    const before = door.unwritten.get(member) ?? []
    door.unwritten.keep(member, [...before, digest(asking.browser)].slice(-mostUnwritten))
  }
}

/** How it stands, for whoever waits: what was never written down waits, too. */
function stateOf(state: 'asked' | 'approved' | 'refused' | 'used' = 'asked') {
  return state === 'used' ? 'over' : state
}
