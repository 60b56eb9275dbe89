import { issueInvite } from '../commands/invites.ts'
import { type Claimed, claimInvite } from '../commands/members.ts'
import { grantRole } from '../commands/roles.ts'
import { operator, visitor } from '../kernel/actor.ts'
import { days, hours, minutes } from '../kernel/moment.ts'
import { type Chance, oneOf, waitOf } from './chance.ts'
import { type Crowd, crowdOf } from './crowd.ts'
import { cast } from './names.ts'
import { actorOf, type Person, type Scene } from './scene.ts'
import { quiet } from './turns.ts'

export interface Community {
  readonly people: readonly Person[]
  readonly crowd: Crowd
}

/**
 * Plans how people come: the first by an invite of the operator that makes an admin, all others by an admin's. Each
 * time the community has doubled, one of the newest becomes an admin too, so the invites make a tree.
 */
export function planJoining(scene: Scene, chance: Chance, members: number): Community {
  const { agenda, turns, start, until } = scene
  const people = cast(chance, members).map(
    (character): Person => ({ ...character, roles: [], joined: nobody, renewed: 0 }),
  )
  const joins = momentsOfJoining(chance, scene, members)
  const admins: Person[] = []

  people.forEach((person, number) => {
    const join = joins[number] ?? until
    const isFirst = number === 0
    const invited = isFirst
      ? start + 5 * minutes
      : Math.max(start + 20 * minutes, join - waitForClaim(chance))
    agenda.plan(invited, async (moment) => {
      const actor = isFirst ? operator : await actorOf(scene, oneOf(chance, admins), moment)
      const link = turns.take({ moment, command: issueInvite, actor, raw: { admin: isFirst } })
      agenda.plan(join, async (moment) => {
        const { token } = await link
        const raw = { token, name: person.name }
        const claimed = turns.take({ moment, command: claimInvite, actor: visitor, raw })
        person.joined = quiet(claimed.then(newcomer))
        person.renewed = moment
        if (isFirst) makeAdmin(person)
        scene.count()
      })
    })
    if (isDoubling(number) && join + 2 * days < until) {
      agenda.plan(join + 2 * days, (moment) => {
        turns.take({ moment, command: grantRole, actor: operator, raw: { name: person.name, role: 'admin' } })
        makeAdmin(person)
      })
    }
  })

  function makeAdmin(person: Person) {
    person.roles.push('admin')
    admins.push(person)
  }

  // It takes a new member a moment to find the first request.
  return {
    people,
    crowd: crowdOf(
      chance,
      joins.map((join) => join + 2 * minutes),
    ),
  }
}

/** A slow beginning, then more and more; hardly anyone joins in the last weeks. */
function momentsOfJoining(chance: Chance, { start, until }: Scene, members: number): number[] {
  const [from, to] = [start + 3 * hours, until - (until - start) * 0.15]
  const later = Array.from({ length: members - 1 }, () => from + (to - from) * chance.fraction() ** 1.3)
  return [start + 12 * minutes, ...later.map(Math.floor).sort((one, other) => one - other)]
}

const waitForClaim = (chance: Chance) =>
  5 * minutes + Math.floor(Math.min(6 * days, waitOf(chance, 20 * hours)))

/** The fourth, the eighth, the sixteenth and so on. */
const isDoubling = (number: number) => number >= 3 && Number.isInteger(Math.log2(number + 1))

function newcomer(claimed: Claimed) {
  if (claimed.alreadyHere) throw new Error('nobody made up claims an invite twice')
  return claimed
}

const nobody = quiet(Promise.reject<never>(new Error('they have not joined yet')))
