import type { Command } from '../commands/command.ts'
import { answerPrayer, closePrayer } from '../commands/prayer-states.ts'
import { updatePrayer } from '../commands/prayer-words.ts'
import type { Member } from '../kernel/actor.ts'
import { days } from '../kernel/moment.ts'
import { type Chance, happens, oneOf } from './chance.ts'
import { actorOf, type Person, type Scene } from './scene.ts'
import { type LanguageName, languages } from './words/languages.ts'

interface Asked {
  readonly author: Person
  readonly language: LanguageName
  readonly posted: number
  readonly prayer: Promise<string>
}

/**
 * Plans what its author tells of a request later: how it goes on, and for one in six what became of it. Gives the moment until
 * which others pray.
 */
export function planBecoming(
  scene: Scene,
  chance: Chance,
  { author, language, posted, prayer }: Asked,
): number {
  const { agenda, turns, until } = scene
  const { news, testimonies } = languages[language]
  const told = posted + days * (1 + 9 * chance.fraction())
  const ended = told + days * (1 + 30 * chance.fraction())

  if (happens(chance, 0.12)) plan(told, updatePrayer, { update: oneOf(chance, news) })
  if (happens(chance, 0.14)) {
    const testimony = happens(chance, 0.7) ? oneOf(chance, testimonies) : undefined
    plan(ended, answerPrayer, { testimony })
    return Math.min(ended, until)
  }
  if (happens(chance, 0.03)) {
    plan(ended, closePrayer, { outcome: oneOf(chance, ['waiting', 'otherwise', 'unneeded'] as const) })
    return Math.min(ended, until)
  }
  return until

  function plan<Input, Result>(due: number, command: Command<Member, Input, Result>, raw: object) {
    if (due >= until) return
    agenda.plan(Math.floor(due), async (moment) => {
      const actor = await actorOf(scene, author, moment)
      turns.take({ moment, command, actor, raw: { ...raw, prayer: await prayer } })
    })
  }
}
