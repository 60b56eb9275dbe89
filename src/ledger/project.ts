import type { Kind, Projection } from '../kernel/event.ts'
import type { ArchiveRecord } from '../kernel/wording.ts'

/** A record of a kind that this code does not know and must not go on without. */
export class UnknownKind extends Error {
  readonly kind: string

  constructor(record: ArchiveRecord) {
    super(
      `Record ${record.sequence} is ${record.kind}/${record.version}!, which this version does not know and must not pass over: start the newer version.`,
    )
    this.name = 'UnknownKind'
    this.kind = `${record.kind}/${record.version}`
  }
}

/** Reads a record and projects it: the two functions that live writes, catching up and rebuilding share. */
export interface Projector {
  /** Throws UnknownKind, or whatever says that a known record is not of its kind's form. */
  project(writer: Projection, record: ArchiveRecord): void
  /** Kinds that were passed over because this code does not know them, with how many records. */
  readonly unknown: ReadonlyMap<string, number>
}

export function projector(kinds: readonly Kind[]): Projector {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const unknown = new Map<string, number>()
  return {
    unknown,
    project(writer, record) {
      const kind = byName.get(record.kind)
      if (!kind || record.version > kind.version) {
        if (record.critical) throw new UnknownKind(record)
        const name = `${record.kind}/${record.version}`
        unknown.set(name, (unknown.get(name) ?? 0) + 1)
        return
      }
      kind.project(writer, kind.read(record))
    },
  }
}
