import type { Disk } from '../archive/disk.ts'
import { type Erasure, erasureIn, remainsOf } from '../archive/erase.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Decided } from './rehearse.ts'
import { refused } from './standing.ts'

/** Refuses an erasure of what the archive does not hold: nobody could ever carry it out, and nobody would be told. */
export function requireWords<Result>(disk: Disk, folder: string, decided: Decided<Result>): Decided<Result> {
  for (const { kind, values } of decided.drafts) {
    const erasure = erasureIn(kind.name, values)
    if (erasure) requireThose(disk, folder, erasure)
  }
  return decided
}

function requireThose(disk: Disk, folder: string, erasure: Omit<Erasure, 'time'>) {
  const { record, hash, field } = erasure
  const remains = lookedUp(() => remainsOf(disk, folder, erasure))
  if (remains === 'no such record')
    throw new Refusal('not-found', `There is no record ${record} with the hash ${hash}: nothing was erased.`)
  if (remains === 'no such words')
    throw new Refusal('not-found', `Record ${record} has no words named "${field}": nothing was erased.`)
}

/** When the disk cannot even be read, nothing has happened. */
function lookedUp<Result>(look: () => Result): Result {
  try {
    return look()
  } catch (cause) {
    throw Object.assign(refused('not-saved'), { cause })
  }
}
