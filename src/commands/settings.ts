import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { writtenBy } from '../kernel/actor.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { isSettingName, knownSettings, type SettingName } from '../kernel/settings.ts'
import { settingNow, valueSetBy } from '../queries/settings.ts'
import { settingChanged } from '../records/settings.ts'
import { command, optional } from './command.ts'
import { typed } from './words.ts'

const noSuchRecord = 'There is nothing to go back to.'

/** Sets a setting, or makes it what a record made it before: `back` is its place, 0 what it was before any. */
export const changeSetting = command({
  name: 'changeSetting',
  input: z.object({
    setting: z.string('Say which setting.'),
    value: optional(typed(10_000, 'Write something here.')),
    back: optional(
      z
        .string(noSuchRecord)
        .regex(/^\d{1,15}$/, noSuchRecord)
        .transform(Number),
    ),
  }),
  decide({ cache, actor }, { setting, value, back }) {
    if (!isSettingName(setting)) throw new Refusal('not-found', 'There is no such setting.')
    const wanted = back === undefined ? (value ?? '') : before(cache, setting, back)
    const outcome = knownSettings[setting].value.safeParse(wanted ?? knownSettings[setting].byItself)
    if (!outcome.success) throw invalid('value', outcome.error.issues[0]?.message ?? 'That will not do.')
    if (settingNow(cache, setting).value === wanted) return { drafts: [], result: { setting } }
    const changed = { by: writtenBy(actor), setting, value: wanted ?? undefined }
    return { drafts: [settingChanged.of(changed)], result: { setting } }
  },
})

function before(cache: Reading, setting: SettingName, sequence: number): string | null {
  if (sequence === 0) return null
  const value = valueSetBy(cache, setting, sequence)
  if (value === undefined) throw new Refusal('not-found', noSuchRecord)
  return value
}
