export const roles = ['admin'] as const
export type Role = (typeof roles)[number]

/** Who asks. What they may do is decided from this alone. */
export type Actor =
  | Member
  | { readonly is: 'visitor' }
  | { readonly is: 'operator' }
  | { readonly is: 'schedule' }

export interface Member {
  readonly is: 'member'
  readonly member: string
  readonly name: string
  readonly session: string
  readonly roles: readonly Role[]
}

export const visitor: Actor = { is: 'visitor' }
export const operator: Actor = { is: 'operator' }
export const schedule: Actor = { is: 'schedule' }

/** The word the archive writes after `by=`. */
export const writtenBy = (actor: Actor) => (actor.is === 'member' ? actor.member : actor.is)

export const isMember = (actor: Actor): actor is Member => actor.is === 'member'
export const isAdmin = (actor: Actor) => isMember(actor) && actor.roles.includes('admin')
