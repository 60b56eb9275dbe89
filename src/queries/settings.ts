import { and, desc, eq, lt, max } from 'drizzle-orm'
import { atMost, given, prepared, type Reading } from '../cache/reading.ts'
import { untilChanged } from '../cache/unchanged.ts'
import type { Moment } from '../kernel/moment.ts'
import { knownSettings, type SettingName, settingNames, settingsFrom } from '../kernel/settings.ts'
import { members } from '../records/members.ts'
import { settings } from '../records/settings.ts'
import { calledBy } from './actors.ts'
import type { SettingPage, SettingsPage } from './pages/admin.ts'

const pageSize = 20

/** Of each setting the newest record: SQLite takes the other columns from the row that has the greatest. */
const newest = prepared((db) =>
  db
    .select({
      setting: settings.setting,
      value: settings.value,
      sequence: max(settings.sequence),
      at: settings.at,
      by: settings.by,
      name: members.name,
    })
    .from(settings)
    .leftJoin(members, eq(members.id, settings.by))
    .groupBy(settings.setting)
    .prepare(),
)

const ofSetting = prepared((db) =>
  db
    .select({
      sequence: settings.sequence,
      value: settings.value,
      at: settings.at,
      by: settings.by,
      name: members.name,
    })
    .from(settings)
    .leftJoin(members, eq(members.id, settings.by))
    .where(and(eq(settings.setting, given('setting')), lt(settings.sequence, given('before'))))
    .orderBy(desc(settings.sequence))
    .limit(atMost(pageSize + 1))
    .prepare(),
)

const bySequence = prepared((db) =>
  db
    .select({ setting: settings.setting, value: settings.value })
    .from(settings)
    .where(eq(settings.sequence, given('sequence')))
    .prepare(),
)

/** What the community has decided, and what is so by itself. Asked for every page. */
export const settingsOf = untilChanged((cache) => {
  const texts = newest(cache).all()
  return settingsFrom(new Map(texts.map(({ setting, value }) => [setting, value])))
})

export interface SettingNow {
  /** As the record says it; null while it is what it is by itself. */
  readonly value: string | null
  /** Of the record that set it last; 0 while none has. What members said yes to is known by it. */
  readonly sequence: number
  readonly set: { readonly by: string; readonly at: Moment } | null
}

/** How this setting came to be what it is. */
export const settingNow = (cache: Reading, setting: SettingName): SettingNow =>
  newestOf(cache).get(setting) ?? { value: null, sequence: 0, set: null }

const newestOf = untilChanged(
  (cache) =>
    new Map<string, SettingNow>(
      newest(cache)
        .all()
        .map(({ setting, value, sequence, at, by, name }) => [
          setting,
          { value, sequence: sequence ?? 0, set: { by: calledBy(by, name), at } },
        ]),
    ),
)

/** What a record made of a setting; undefined when it made nothing of this one. */
export function valueSetBy(cache: Reading, setting: SettingName, sequence: number) {
  const found = bySequence(cache).get({ sequence })
  return found?.setting === setting ? found.value : undefined
}

/** All of them, each with who set it and when. */
export const settingsPage = (cache: Reading): SettingsPage => ({
  settings: settingNames.map((name) => {
    const { label, field, byItself } = knownSettings[name]
    const { value, set } = settingNow(cache, name)
    return { name, label, field, value: value ?? byItself, set }
  }),
})

/** One of them: its form, and what it was before. */
export function settingPage(
  cache: Reading,
  name: SettingName,
  before?: number,
): Omit<SettingPage, 'mistakes'> {
  const { label, hint, field, byItself } = knownSettings[name]
  const now = settingNow(cache, name)
  const rows = ofSetting(cache).all({ setting: name, before: before ?? Number.MAX_SAFE_INTEGER })
  const shown = rows.slice(0, pageSize)
  const isMore = rows.length > pageSize
  return {
    ...{ name, label, hint, field, byItself },
    value: now.value ?? byItself,
    isByItself: now.value === null,
    history: shown.map(({ sequence, value, at, by, name }) => ({
      ...{ sequence, at, by: calledBy(by, name) },
      value: value ?? byItself,
      isNow: sequence === now.sequence,
      isByItself: value === null,
    })),
    isNewest: before === undefined,
    older: isMore ? `/admin/settings/${name}?before=${shown.at(-1)?.sequence}` : null,
  }
}
