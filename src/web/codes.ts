import { minutes } from '../kernel/moment.ts'
import type { Source } from '../kernel/stamp.ts'
import { briefly } from './briefly.ts'

/*
 * Numbers of six digits, in memory alone. Each is bound to who holds it (a browser, a session), good for ten minutes, and dies
 * after five wrong tries.
 */

export interface Codes<Meant> {
  /** A fresh start for this holder: what they had before is over. */
  begin(holder: string): void
  /** A number for this holder, who may have several. Nothing when they have not begun. */
  add(holder: string, meant: Meant): string | undefined
  /** What the typed number means; `wrong`, or `over` when no number of theirs is good any more. */
  try(holder: string, typed: string): { readonly meant: Meant } | 'wrong' | 'over'
  /** The numbers of this holder that are good still, each with what it means. */
  of(holder: string): readonly (readonly [code: string, meant: Meant])[]
  end(holder: string): void
}

const mostTries = 5

export function codes<Meant>(source: Source): Codes<Meant> {
  const kept = briefly<{ readonly numbers: Map<string, Meant>; wrong: number }>(source, 10 * minutes)

  return {
    begin: (holder) => kept.keep(holder, { numbers: new Map(), wrong: 0 }),
    add(holder, meant) {
      const held = kept.get(holder)
      if (!held) return undefined
      const code = sixDigits(source)
      held.numbers.set(code, meant)
      return code
    },
    try(holder, typed) {
      const held = kept.get(holder)
      if (!held) return 'over'
      const code = typed.replace(/[\s-]/g, '')
      if (held.numbers.has(code)) return { meant: held.numbers.get(code) as Meant }
      held.wrong++
      if (held.wrong < mostTries) return 'wrong'
      kept.drop(holder)
      return 'over'
    },
    of: (holder) => [...(kept.get(holder)?.numbers ?? [])],
    end: (holder) => kept.drop(holder),
  }
}

/** Each as likely as any other, to one part in three hundred million. */
const sixDigits = (source: Source) =>
  String(Buffer.from(source.bytes(6)).readUIntBE(0, 6) % 1_000_000).padStart(6, '0')

/** "123 456": how a number is shown, so that it can be read out. */
export const spoken = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`
