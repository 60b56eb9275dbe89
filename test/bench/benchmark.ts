/** One question about speed, answered by figures that each have a baseline of the same minute. */
export interface Benchmark {
  /** `npm run bench -- <name>` measures only this one. */
  readonly name: string
  readonly title: string
  measure(scale: Scale): Promise<readonly Figure[]>
}

/** How much is measured. */
export interface Scale {
  /** Of the size that the figures are about: 1, or less to see whether a benchmark works at all. */
  readonly share: number
  /** How often everything is run in turn. */
  readonly rounds: number
  /** How long each run of a steady load takes. */
  readonly seconds: number
}

export interface Figure {
  readonly what: string
  readonly measured: string
  /** The baseline: what it is, and what it came to. */
  readonly against?: string
  readonly ratio?: number
  readonly must?: Must
}

export interface Must {
  readonly sentence: string
  readonly isMet: boolean
}

export const atLeast = (is: number, least: number, unit: string): Must => ({
  sentence: `≥ ${least.toLocaleString('en')} ${unit}`,
  isMet: is >= least,
})

export const atMost = (is: number, most: number, unit: string): Must => ({
  sentence: `≤ ${most.toLocaleString('en')} ${unit}`,
  isMet: is <= most,
})

export const whole = (number: number) => Math.round(number).toLocaleString('en')

/** Two digits behind the point, for what is about as large as 1. */
export const fine = (number: number) => number.toFixed(2)
