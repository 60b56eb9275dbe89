import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Command, perform } from '../commands/command.ts'
import type { OpenedCookie } from '../commands/sessions.ts'
import { type Actor, isMember } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { WaysBack } from '../queries/pages/ways-in.ts'
import { deviceOf } from './devices.ts'
import { mistakesIn, sentBy, text } from './forms.ts'
import { goOn, nowhere, onwardIn } from './onward.ts'
import { problemOf } from './problems.ts'
import { signIn } from './session.ts'
import type { Site } from './site.ts'

/*
 * The ways back in. Each has a partial in views/sessions/ways/ and a route that ends in `comesBack`. To add one: its line in
 * views/sessions/ways.eta, and its fields here and in `WaysBack`.
 */

/**
 * Signs this browser in by this command, with what it proves, and goes on where its person was going. An attempt that fails
 * passes here.
 */
export async function comesBack<Who extends Actor, Input, Result extends OpenedCookie>(
  site: Site,
  [request, reply]: readonly [FastifyRequest, FastifyReply],
  command: Command<Who, Input, Result>,
  proof: object | Promise<object>,
) {
  const sent = sentBy(request)
  const arrival = { shared: text(sent, 'shared'), again: text(sent, 'again'), device: deviceIn(request) }
  try {
    const raw = { ...(await proof), ...arrival }
    signIn(site, reply, await perform(site.record, command, request.actor, raw))
  } catch (error) {
    if (error instanceof Refusal) failed(request, command.name)
    throw error
  }
  return goOn(reply, onwardIn(sent))
}

/** The device of this request, for the record of its session. */
export const deviceIn = ({ headers }: FastifyRequest) => deviceOf(headers['user-agent'])

/** The one place that every attempt to come in passes that failed. */
function failed(request: FastifyRequest, way: string) {
  request.log.info({ way }, 'somebody did not come in')
}

/** The page of all ways back, with what was written there and what is wrong with it. */
export function showWays(
  request: FastifyRequest,
  reply: FastifyReply,
  error?: unknown,
  onward?: WaysBack['onward'],
) {
  const sent = sentBy(request)
  const page: WaysBack = {
    written: {
      words: text(sent, 'words'),
      who: text(sent, 'who'),
      called: text(sent, 'called'),
      link: text(sent, 'link'),
      isShared: text(sent, 'shared') === 'yes',
    },
    mistakes: mistakesIn(error, ['passkey', 'words', 'who', 'called', 'link']),
    problem: error instanceof Refusal && Object.keys(error.fields).length === 0 ? error.message : null,
    onward: onward ?? nowhere,
    isAgain: isMember(request.actor),
  }
  const { actor } = request
  if (isMember(actor)) return reply.show('sessions/again', { ...page, name: actor.name })
  return reply.show('sessions/sign-in', page)
}

/** Shows all ways again when one of them failed. */
export function keepWays(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (!(error instanceof Refusal) || !retried.has(error.reason)) throw error
  reply.code(problemOf(error).status)
  return showWays(request, reply, error, onwardIn(sentBy(request)))
}

const retried = new Set<Refusal['reason']>(['invalid', 'forbidden', 'gone'])
