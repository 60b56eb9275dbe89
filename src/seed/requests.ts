import { aroundMedian, type Chance, happens, oneOf, shuffled } from './chance.ts'
import { speaksOf, type Voice, voiceOf } from './voice.ts'
import type { Language, Theme } from './words/language.ts'
import { type LanguageName, languages } from './words/languages.ts'

/** A request for prayer as somebody might write it: mostly a sentence or two, now and then a page. */
export function madeUpRequest(chance: Chance, name: LanguageName): string {
  const language = languages[name]
  const length = Math.min(2_400, aroundMedian(chance, 115, 0.95)) * language.density
  const voice = voiceOf(chance, language)
  const isLine = length < 45 * language.density
  const text = isLine
    ? voice.say(language.lines, oneOf(chance, language.people))
    : inParagraphs(chance, voice, length)
  return withEnding(chance, text)
}

function inParagraphs(chance: Chance, voice: Voice, length: number) {
  const { openings, closings, blank, density } = voice.language
  const isLong = length > 220 * density
  const opening = happens(chance, isLong ? 0.5 : 0.1) ? voice.say(openings) : ''
  const paragraphs = themesOf(chance, voice, length).flatMap((sentences) =>
    length < 300 * density ? [sentences] : inPieces(chance, sentences),
  )
  if (isLong && happens(chance, 0.15)) paragraphs.push([listed(chance, voice.language)], [])
  if (happens(chance, isLong ? 0.65 : 0.25)) paragraphs.at(-1)?.push(voice.say(closings))
  const text = paragraphs.map((sentences) => sentences.join(blank)).join('\n\n')
  // Dear friends, and the rest begins on the next line.
  return `${opening}${/[,:،：]$/.test(opening) ? '\n' : blank}${text}`.trim()
}

/** One theme after the other until the length is reached. */
function themesOf(chance: Chance, voice: Voice, length: number) {
  const { themes, turns, blank, density } = voice.language
  const parts: string[][] = []
  let left = length
  for (const theme of shuffled(chance, themes)) {
    const turn = parts.length > 0 && voice.unsaid(turns).length > 0 ? [voice.say(turns)] : []
    const sentences = [...turn, ...onTheme(chance, voice, theme, left)]
    parts.push(sentences)
    left -= sentences.join(blank).length
    if (left < 80 * density) break
  }
  return parts
}

/** What it is about, as much more as there is room for, and what is asked for. */
function onTheme(chance: Chance, voice: Voice, theme: Theme, length: number) {
  const { people, reflections, density } = voice.language
  const person = oneOf(chance, theme.people ?? people)
  const situation = oneOf(chance, voice.unsaid(theme.situations))
  // She can only be "she" after it was said who she is.
  const isClear = (sentence: string) => speaksOf(person, situation) || !speaksOf(person, sentence)
  const details = voice.unsaid(theme.details.filter(isClear))
  const hearts = voice.unsaid(reflections).slice(0, 1 + details.length / 2)

  const sentences = [voice.say([situation], person)]
  const ask = voice.say(theme.asks.filter(isClear), person)
  let left = length - sentences.join().length - ask.length
  while (left > 30 * density && details.length + hearts.length > 0) {
    const from = details.length === 0 || (hearts.length > 0 && happens(chance, 0.3)) ? hearts : details
    const sentence = voice.say(from.splice(0, 1), person)
    sentences.push(sentence)
    left -= sentence.length
  }
  return happens(chance, length < 60 * density ? 0.4 : 0.95) ? [...sentences, ask] : sentences
}

function inPieces(chance: Chance, sentences: readonly string[]) {
  const left = [...sentences]
  const pieces: string[][] = []
  while (left.length > 0) pieces.push(left.splice(0, 2 + chance.below(3)))
  return pieces
}

function listed(chance: Chance, { slots, listHead }: Language) {
  const gifts = shuffled(chance, slots.gift ?? []).slice(0, 2 + chance.below(3))
  return [listHead, ...gifts.map((gift) => `- ${gift}`)].join('\n')
}

/** Some end with a sign or two, and very few with what looks like a line of the archive's own. */
function withEnding(chance: Chance, text: string) {
  if (happens(chance, 0.16)) return `${text} ${oneOf(chance, signs).repeat(1 + chance.below(2))}`
  if (happens(chance, 0.01)) return `${text}\n${oneOf(chance, likeTheArchive)}`
  return text
}

const signs = ['🙏', '🙏', '🙏🏽', '🙏🏿', '❤️', '🕊️', '🕯️', '🌿', '💛', '🤲']

const likeTheArchive = [
  '= that is all I ask',
  '@9 in the morning it begins',
  '| Mon | scan |\n| Tue | talk with the doctor |',
  '~ from all of us',
  '~request',
  '= 0000',
]
