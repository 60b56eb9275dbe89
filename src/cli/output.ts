import { SingleBar } from 'cli-progress'
import { realDisk } from '../archive/disk.ts'
import { archiveFiles } from '../archive/files.ts'
import { Unfit } from '../archive/unfit.ts'
import { type Config, ConfigMistakes } from '../config.ts'
import { Refusal } from '../kernel/refusal.ts'

/** `--json` prints the report as it is, else the sentences. */
export function print(isJson: boolean | undefined, report: object, sentences: readonly string[]): void {
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : `${sentences.join('\n')}\n`)
}

/** What a command that had to start the ledger itself was told: a script reads only the report. */
export function tellStart({ reports }: { readonly reports: readonly string[] }): void {
  for (const sentence of reports) process.stderr.write(`${sentence}\n`)
}

/** What a failure means to whoever typed the command: 2 it was used wrongly, 1 it found something wrong. */
export function exitCodeOf(error: unknown): number {
  const isMisuse = error instanceof ConfigMistakes || error instanceof UsedWrongly || error instanceof Unfit
  return isMisuse || (error instanceof Refusal && error.reason === 'invalid') ? 2 : 1
}

/** Throws when there is nothing to look at: a mistyped folder must not pass for an archive that is well, or become one. */
export function requireArchive({ archiveDir }: Config): void {
  if (archiveFiles(realDisk, archiveDir).segments.length === 0)
    throw new UsedWrongly(`${archiveDir} holds no archive: ARCHIVE_DIR says where it is.`)
}

/** The same for what is done to people. */
export function requireSomebody({ archiveDir }: Config): void {
  if (archiveFiles(realDisk, archiveDir).segments.length === 0)
    throw new UsedWrongly(`Nobody is here yet: ${archiveDir} holds no archive.`)
}

/** A sentence about how the command was called. */
export class UsedWrongly extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'UsedWrongly'
  }
}

export interface Bar {
  show(done: number, total?: number): void
  end(): void
}

/** Long work shows how far it is, on a terminal; elsewhere it is silent. */
export function progressBar(unit: string): Bar {
  if (!process.stderr.isTTY) return { show: () => {}, end: () => {} }
  let bar: SingleBar | undefined
  return {
    show(done, total) {
      if (!bar) {
        const format = total
          ? `{bar} {percentage}% {value} of {total} ${unit}, {eta_formatted} to go`
          : `{value} ${unit}, {duration_formatted}`
        bar = new SingleBar({ format, hideCursor: true, stream: process.stderr })
        bar.start(total ?? 0, 0)
      }
      bar.update(done)
    },
    end: () => bar?.stop(),
  }
}

export const count = (number: number) => number.toLocaleString('en')

/** "1 record", "2 records". */
export const counted = (number: number, noun: string) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`

export const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

/** A sentence in lines that end before column 80; all but the first begin behind `margin`. */
export function indented(sentence: string, margin: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of sentence.split(' ')) {
    if (line !== '' && margin + line.length + 1 + word.length > 79) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(margin)}`)
}
