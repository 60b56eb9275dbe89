/* What the pages show that stay as they are for a day or for ever. */

import type { Reflection } from '../../kernel/reflections.ts'
import type { Card } from './cards.ts'

export interface ReflectionPage extends Reflection {
  /** The day it is for: 2026-11-22. */
  readonly day: string
}

export interface Giving {
  readonly links: readonly { readonly words: string; readonly href: string }[]
}

/** What each version brought, newest first. */
export interface WhatsNew {
  readonly versions: readonly { readonly name: string; readonly news: readonly string[] }[]
}

/** Requests of the last two weeks, by what happened to them: asked, told of, answered. Never who prayed. */
export interface Lately {
  readonly asked: readonly Card[]
  readonly told: readonly Card[]
  readonly answered: readonly Card[]
}
