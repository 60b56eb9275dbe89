import { fileURLToPath } from 'node:url'
import { asc, desc, eq } from 'drizzle-orm'
import { knownSchemaHash } from './known.ts'
import type { Catalogue } from './ledger/catalogue.ts'
import { archiveOpened } from './records/archive.ts'
import { erasures } from './records/erasures.ts'
import { kinds } from './records/kinds.ts'
import { acceptedRecords, recordAccepted, recoveryHistory } from './records/recovery.ts'
import { keyAdded, sealKeys } from './records/seal-keys.ts'
import { sealingKeys } from './records/sealing-keys.ts'

/** What can happen in a community, for the ledger that must not know it. */
export const catalogue: Catalogue = {
  kinds,
  golden: fileURLToPath(new URL('records/golden', import.meta.url)),
  schemaHash: knownSchemaHash,
  opened: (archive, key) => archiveOpened.of({ by: 'operator', archive, format: 1, key }),
  keyAdded: (publicKey, why) => keyAdded.of({ by: 'operator', publicKey, why }),
  sealKeys: ({ db }) =>
    db
      .select({ key: sealKeys.key })
      .from(sealKeys)
      .all()
      .map(({ key }) => key),
  sealingKeys: ({ db }) =>
    db
      .select({ number: sealingKeys.number, digest: sealingKeys.digest })
      .from(sealingKeys)
      .orderBy(asc(sealingKeys.number))
      .all(),
  lastProblems: ({ db }) => {
    const last = db
      .select({ at: recoveryHistory.at, isWell: recoveryHistory.isWell })
      .from(recoveryHistory)
      .where(eq(recoveryHistory.act, 'verified'))
      .orderBy(desc(recoveryHistory.sequence))
      .limit(1)
      .get()
    return last?.isWell === false ? last.at : undefined
  },
  erasures: ({ db }) =>
    db
      .select({
        record: erasures.record,
        hash: erasures.hash,
        field: erasures.field,
        why: erasures.why,
        time: erasures.at,
      })
      .from(erasures)
      .orderBy(asc(erasures.sequence))
      .all(),
  recordAccepted: (by, { record, hash }) => recordAccepted.of({ by, record, hash }),
  accepted: ({ db }) => db.select().from(acceptedRecords).all(),
}
