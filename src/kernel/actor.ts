import type { Moment } from './moment.ts'

/** What a member can be besides a member. `team` is the prayer team. */
export const roles = ['admin', 'moderator', 'team'] as const
export type Role = (typeof roles)[number]

/** Who asks. What they may do is decided from this alone (kernel/permissions.ts). */
export type Actor =
  | Member
  | Waiting
  | { readonly is: 'visitor' }
  | { readonly is: 'operator' }
  | { readonly is: 'schedule' }

interface Person {
  readonly member: string
  readonly name: string
  readonly session: string
  /** When they last proved who they are. */
  readonly signedInAt: Moment
}

export interface Member extends Person {
  readonly is: 'member'
  /** Those that have not ended. */
  readonly roles: readonly Role[]
}

/** Somebody who has claimed an invite and waits for an admin's yes: they may do nothing else. */
export interface Waiting extends Person {
  readonly is: 'waiting'
}

export const visitor: Actor = { is: 'visitor' }
export const operator: Actor = { is: 'operator' }
export const schedule: Actor = { is: 'schedule' }

/** The word the archive writes after `by=`. */
export const writtenBy = (actor: Actor) => ('member' in actor ? actor.member : actor.is)

export const isMember = (actor: Actor): actor is Member => actor.is === 'member'
export const holds = (actor: Actor, role: Role) => isMember(actor) && actor.roles.includes(role)
export const isAdmin = (actor: Actor) => holds(actor, 'admin')
