import { type Actor, isAdmin, isMember, type Member } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'

/*
 * Who may try a command at all: the `who` of each.
 */

/** People who are not here yet may try, too. */
export const anyone = (actor: Actor): Actor => actor

export function anyMember(actor: Actor): Member {
  if (!isMember(actor)) throw new Refusal('sign-in', 'Sign in to go on.')
  return actor
}

/** Whoever has the command line of the machine that the site runs on. */
export function onlyOperator(actor: Actor): Actor {
  if (actor.is !== 'operator') throw new Refusal('forbidden', 'Only whoever runs this site can do that.')
  return actor
}

export function operatorOrAdmin(actor: Actor): Actor {
  if (actor.is === 'operator') return actor
  if (!isAdmin(anyMember(actor))) throw new Refusal('forbidden', 'Only an admin can do that.')
  return actor
}

/** Those who look after archive and cache: the clock, whoever runs the site, the admins. */
export function caretakers(actor: Actor): Actor {
  return actor.is === 'schedule' ? actor : operatorOrAdmin(actor)
}
