import * as z from 'zod'
import { grouped } from '../kernel/numbers.ts'
import { codePoints, composed, isPrintable } from '../kernel/prose.ts'

/** More accents on one letter than any script has: to compose so many takes seconds. */
const heap = /\p{M}{65}/u

/** Words as somebody typed them: composed, trimmed, at most so many characters, nothing that the archive cannot hold. */
export const typed = (most: number, sentence: string) =>
  z
    .string(sentence)
    .meta({ most })
    .transform((raw, context) => {
      const trimmed = raw.trim()
      // What is four times too long cannot become short enough by composing it.
      const isComposed = trimmed.length <= 4 * most && !heap.test(trimmed)
      const text = isComposed ? composed(trimmed).trim() : trimmed
      const problem = problemWith(text, most)
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
      return text
    })

function problemWith(text: string, most: number): string | undefined {
  const length = codePoints(text)
  if (length > most) return `This has ${grouped(length)} characters; at most ${grouped(most)} can be kept.`
  if (heap.test(text)) return 'One letter here has more accents than can be kept.'
  if (isPrintable(text)) return undefined
  const lines = text.split('\n')
  const line = lines.findIndex((line) => !isPrintable(line))
  const place = lines.length > 1 ? `Line ${line + 1}` : 'This'
  return `${place} holds ${strangerIn(lines[line] ?? '')} that cannot be kept. Type those words anew, or leave them out.`
}

function strangerIn(line: string) {
  const stranger = [...line].find((character) => !isPrintable(character))?.codePointAt(0) ?? 0
  return `an invisible character (U+${stranger.toString(16).toUpperCase().padStart(4, '0')})`
}
