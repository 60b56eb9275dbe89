import { z } from 'zod'
import { codePoints, composed, isPrintable } from '../kernel/prose.ts'

/** Words as somebody typed them: composed, trimmed, at most so many characters, nothing that the archive cannot hold. */
export const typed = (most: number, sentence: string) =>
  z.string(sentence).transform((raw, context) => {
    const trimmed = raw.trim()
    // Composing a long run of accents takes seconds, and what is four times too long cannot become short enough by it.
    const text = trimmed.length > 4 * most ? trimmed : composed(trimmed).trim()
    const problem = problemWith(text, most)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
    return text
  })

function problemWith(text: string, most: number): string | undefined {
  const length = codePoints(text)
  if (length > most) return `This has ${grouped(length)} characters; at most ${grouped(most)} can be kept.`
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

const grouped = (count: number) => count.toLocaleString('en')
