import type { ArchiveRecord } from '../kernel/wording.ts'

/** That a record stays as somebody edited it: `hash` is what its text comes to, while its closing line stays the old one. */
export interface Acceptance {
  readonly record: number
  readonly hash: string
}

/** What this record accepts, when it is one that does. The archive knows this kind because it is about itself. */
export function acceptanceOf(record: ArchiveRecord): Acceptance | undefined {
  if (record.kind !== 'record.accepted') return undefined
  const { record: sequence = '', hash = '' } = Object.fromEntries(record.values)
  return { record: Number(sequence), hash }
}

/** Gathers, over a text that is read as it stands, which of its edits later records accept. */
export function acceptances() {
  const edits = new Map<number, string>()
  const said: (Acceptance & { readonly by: number })[] = []
  return {
    edit({ record, hash }: Acceptance) {
      edits.set(record, hash)
    },
    look(record: ArchiveRecord) {
      const acceptance = acceptanceOf(record)
      if (acceptance && acceptance.record < record.sequence) said.push({ ...acceptance, by: record.sequence })
    },
    /** Of each record that was ever accepted, what it may come to: the last word about it counts. */
    accepted(): ReadonlyMap<number, string> {
      const accepted = new Map<number, string>()
      // From the end: what is said in a record that was edited itself counts when a later one accepts that.
      for (const { by, record, hash } of said.toReversed()) {
        const edit = edits.get(by)
        const stands = edit === undefined || accepted.get(by) === edit
        if (stands && !accepted.has(record)) accepted.set(record, hash)
      }
      return accepted
    },
  }
}
