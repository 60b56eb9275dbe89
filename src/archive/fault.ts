/** The first bytes that do not verify. */
export interface Fault {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Of the record that should stand there. */
  readonly sequence: number
  readonly what: string
  /** Of the record in its file, in bytes. */
  readonly offset: number
}

/** Something that was promised is not there as it was. */
export class Corruption extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    const { file, line, sequence, what } = fault
    super(`${file}, line ${line}, record ${sequence}: ${what}.`)
    this.name = 'Corruption'
    this.fault = fault
  }
}
