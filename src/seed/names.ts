import { composedName, freeVariants, nameKey, nameProblem } from '../kernel/names.ts'
import { type Chance, happens, oneOf } from './chance.ts'
import type { LanguageName } from './words/languages.ts'
import { type Origin, origins } from './words/names.ts'

/** Somebody made up: what they are called, and what they write in. */
export interface Character {
  readonly name: string
  readonly languages: readonly LanguageName[]
}

/** So many people, no two of whom could be taken for each other. */
export function cast(chance: Chance, count: number): Character[] {
  const taken = new Set<string>()
  return Array.from({ length: count }, () => {
    const origin = oneOf(chance, crowd)
    const name = freeName(chance, origin, taken)
    taken.add(nameKey(name))
    return { name, languages: origin.languages }
  })
}

const crowd = origins.flatMap((origin) => Array<Origin>(origin.share).fill(origin))
const tries = 6

function freeName(chance: Chance, origin: Origin, taken: ReadonlySet<string>): string {
  let name = ''
  for (let attempt = 0; attempt < tries; attempt++) {
    name = composedName(calledSomehow(chance, origin))
    if (nameProblem(name) === undefined && !taken.has(nameKey(name))) return name
  }
  const [variant = name] = freeVariants(name, (key) => taken.has(key))
  return variant
}

/** Most give both names, some only one or an initial, and a few write theirs small, as for a machine. */
function calledSomehow(chance: Chance, origin: Origin): string {
  const given = oneOf(chance, origin.given)
  const family = oneOf(chance, origin.family)
  if (origin.isFamilyFirst) return family + given
  const luck = chance.fraction()
  if (luck < 0.1) return given
  if (luck < 0.2) return /^[A-Z]/.test(family) ? `${given} ${family.slice(0, 1)}.` : given
  if (luck < 0.24) return `${given}_${family}`.toLowerCase()
  if (luck < 0.36) return `${given} ${oneOf(chance, origin.given)} ${family}`
  return happens(chance, 0.02) ? `${given} ${family.toUpperCase()}` : `${given} ${family}`
}
