import { genesis, type Place } from './grammar.ts'

/** A place and where in which segment it is; `month` is empty while there is no segment. */
export interface Position extends Place {
  readonly month: string
  readonly offset: number
}

export const beginning: Position = { ...genesis, month: '', offset: 0 }
