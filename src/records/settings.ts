import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { defineEvent } from '../kernel/event.ts'
import { integer as integerField, prose, word } from '../kernel/fields.ts'
import { audit, audited } from './audit.ts'

/** Every value that a setting ever had: the newest counts. Which there are is said in queries/settings.ts. */
export const settings = sqliteTable(
  'settings',
  {
    sequence: integer().primaryKey(),
    setting: text().notNull(),
    /** Null: as it was before anybody set it. */
    value: text(),
    by: text().notNull(),
    at: text().notNull(),
  },
  (table) => [index('settings_setting').on(table.setting, table.sequence)],
)

/** Without a value the setting is again what it is by itself. */
export const settingChanged = defineEvent({
  name: 'setting.changed',
  version: 1,
  values: { setting: word() },
  blocks: { value: prose().optional() },
  tables: [settings, audit],
  project: (cache, event) => {
    const { sequence, setting, value, by, at } = event
    cache.put(settings, { sequence, setting, value: value ?? null, by, at })
    audited(cache, event, null, setting)
  },
})

/** Which rules and which words on privacy each member has said yes to, by the records that set them. */
export const acceptances = sqliteTable('acceptances', {
  member: text().primaryKey(),
  /** 0: those that the site came with. */
  rules: integer().notNull(),
  privacy: integer().notNull(),
  at: text().notNull(),
})

export const rulesAccepted = defineEvent({
  name: 'rules.accepted',
  version: 1,
  values: { rules: integerField(), privacy: integerField() },
  tables: [acceptances],
  project: (cache, { by, rules, privacy, at }) => {
    cache.put(acceptances, { member: by, rules, privacy, at })
  },
})
