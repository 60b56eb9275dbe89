import type { Moment } from '../../kernel/moment.ts'
import type { SettingField, SettingName } from '../../kernel/settings.ts'

export interface SettingsPage {
  readonly settings: readonly {
    readonly name: SettingName
    readonly label: string
    readonly field: SettingField
    /** As the record says it: `yes` and `no` of a choice. */
    readonly value: string
    /** Null while it is what it is by itself. */
    readonly set: { readonly by: string; readonly at: Moment } | null
  }[]
}

/** One setting, its form, and what it was before. */
export interface SettingPage {
  readonly name: SettingName
  readonly label: string
  readonly hint: string
  readonly field: SettingField
  /** What the form holds: what is so, or what was sent and is not right. */
  readonly value: string
  readonly byItself: string
  readonly isByItself: boolean
  readonly mistakes: { readonly value: string | null }
  /** Newest first. */
  readonly history: readonly {
    readonly sequence: number
    readonly value: string
    readonly by: string
    readonly at: Moment
    readonly isNow: boolean
    readonly isByItself: boolean
  }[]
  readonly isNewest: boolean
  readonly older: string | null
}
