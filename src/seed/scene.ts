import { renewSession } from '../commands/sessions.ts'
import type { Member, Role } from '../kernel/actor.ts'
import { days, momentOf } from '../kernel/moment.ts'
import type { Agenda } from './agenda.ts'
import type { Turns } from './turns.ts'
import type { LanguageName } from './words/languages.ts'

/** What everything that happens has to do with. */
export interface Scene {
  readonly agenda: Agenda
  readonly turns: Turns
  readonly start: number
  readonly until: number
  /** Tells that one more of what was asked for has happened. */
  count(): void
}

/** Somebody of the community, from before they join. */
export interface Person {
  readonly name: string
  readonly languages: readonly LanguageName[]
  readonly roles: Role[]
  /** Who they have become, once the invite they claim lets them in. */
  joined: Promise<{ readonly member: string; readonly session: string }>
  /** When their session was last opened or renewed. */
  renewed: number
}

/** This person as whoever asks; like a browser that comes back, their session lives on. */
export async function actorOf({ turns }: Scene, person: Person, moment: number): Promise<Member> {
  const { name, roles, renewed } = person
  const { member, session } = await person.joined
  const actor: Member = { is: 'member', member, name, session, signedInAt: momentOf(renewed), roles }
  if (moment - renewed > 7 * days) {
    person.renewed = moment
    turns.take({ moment, command: renewSession, actor, raw: {} })
  }
  return actor
}
