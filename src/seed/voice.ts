import { type Chance, oneOf, shuffled } from './chance.ts'
import type { Language, Person } from './words/language.ts'

/** One request in the making: says no sentence twice. */
export interface Voice {
  readonly language: Language
  /** One of these that was not said yet, or any when all were. */
  say(sentences: readonly string[], about?: Person): string
  /** Those that were not said yet, in any order. */
  unsaid(sentences: readonly string[]): string[]
}

export function voiceOf(chance: Chance, language: Language): Voice {
  const said = new Set<string>()
  const words = new Set<string>()

  /** No word twice in a request while there are others for its slot. */
  const wordFor = (slot: string) => {
    const all = language.slots[slot] ?? slot.split('|')
    const others = all.filter((word) => !words.has(word))
    const word = oneOf(chance, others.length > 0 ? others : all)
    words.add(word)
    return word
  }

  const unsaid = (sentences: readonly string[]) =>
    shuffled(
      chance,
      sentences.filter((sentence) => !said.has(sentence)),
    )

  return {
    language,
    unsaid,
    say(sentences, about = {}) {
      const sentence = unsaid(sentences)[0] ?? oneOf(chance, sentences)
      said.add(sentence)
      let text = sentence
      while (text.includes('{'))
        text = text.replace(/\{([^{}]+)\}/g, (_, slot: string) => about[slot] ?? wordFor(slot))
      return text.replace(/(^|[.!?] )\p{Ll}/gu, (start) => start.toUpperCase())
    },
  }
}

export const speaksOf = (person: Person, sentence: string) =>
  Object.keys(person).some((form) => sentence.includes(`{${form}}`))
