import * as z from 'zod'
import { writtenBy } from '../kernel/actor.ts'
import type { Act } from '../kernel/permissions.ts'
import {
  archiveRestored,
  archiveVerified,
  backupMade,
  cacheRebuilt,
  rebuildReasons,
  segmentRestored,
  sheetConfirmed,
  tailQuarantined,
  upgradeFinished,
} from '../records/recovery.ts'
import { sealingKeyMade } from '../records/sealing-keys.ts'
import { command } from './command.ts'

/*
 * What was done for archive and cache, told by the program itself when it is done: nothing here decides anything, so that
 * the history says what happened and by whom it was asked for.
 */

const whole = z.number().int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const schema = z.string().regex(/^[0-9a-f]{16}$/)
const file = z.string().min(1)

/** A command that records what it is told. */
function told<Shape extends z.ZodRawShape>(
  name: Act,
  kind: { of(given: { by: string } & z.output<z.ZodObject<Shape>>): ReturnType<typeof archiveVerified.of> },
  fields: Shape,
) {
  return command({
    name,
    input: z.object(fields),
    decide: ({ actor }, given) => ({ drafts: [kind.of({ ...given, by: writtenBy(actor) })], result: null }),
  })
}

export const tellVerified = told('tellVerified', archiveVerified, {
  records: whole,
  problems: whole,
  deep: z.boolean().optional(),
  milliseconds: whole,
})

export const tellRebuilt = told('tellRebuilt', cacheRebuilt, {
  why: z.enum(rebuildReasons),
  schema,
  records: whole,
  milliseconds: whole,
})

export const tellBackedUp = told('tellBackedUp', backupMade, {
  records: whole,
  head: sha256,
  bytes: whole,
  milliseconds: whole,
})

export const tellRestored = told('tellRestored', archiveRestored, {
  records: whole,
  head: sha256,
  milliseconds: whole,
})

export const tellUpgraded = told('tellUpgraded', upgradeFinished, {
  schema,
  records: whole,
  milliseconds: whole,
})

export const tellQuarantined = told('tellQuarantined', tailQuarantined, { file, behind: whole, bytes: whole })

export const tellSegmentRestored = told('tellSegmentRestored', segmentRestored, { file, sha256 })

export const tellSealingKey = told('tellSealingKey', sealingKeyMade, { number: whole, digest: sha256 })

export const tellSheetConfirmed = told('tellSheetConfirmed', sheetConfirmed, { keys: sha256 })
