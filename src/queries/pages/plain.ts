/* Pages that are a few sentences. */

/** The public page, for whoever is not signed in. */
export interface Home {
  /** The community's words of welcome. */
  readonly welcome: string
  /** Whoever knows nobody here may ask to join. */
  readonly mayApply: boolean
}

/** An understood "no", a defect, or anything else that is one sentence and a way on. */
export interface Message {
  readonly heading: string
  readonly sentence: string
  readonly way: { readonly words: string; readonly href: string } | null
}

/** The site is not ready, and a form was sent: what it held, to be sent again. `label` is of what the person wrote. */
export interface Waiting {
  readonly heading: string
  readonly sentence: string
  readonly action: string
  readonly fields: readonly {
    readonly name: string
    readonly value: string
    readonly label: string | null
  }[]
}
