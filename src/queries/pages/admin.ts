import type { Role } from '../../kernel/actor.ts'
import type { Moment } from '../../kernel/moment.ts'
import type { SettingField, SettingName } from '../../kernel/settings.ts'
import type { Standing } from '../../records/members.ts'

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

/** Where everything is that only those see who look after the place. */
export interface AdminHub {
  readonly people: number
  /** Who waits for a yes. */
  readonly waiting: number
  readonly applications: number
  readonly openLinks: number
  /** How often strangers were refused within a day. */
  readonly refused: number
}

/** Everybody who was ever here, whoever joined last first. */
export interface AdminPeople {
  readonly search: string
  readonly role: Role | ''
  readonly standing: Standing | ''
  /** At most 50. */
  readonly people: readonly {
    readonly id: string
    /** Null when it was erased. */
    readonly name: string | null
    readonly standing: Standing
    readonly roles: readonly Role[]
    readonly joinedAt: Moment
  }[]
  readonly isNewest: boolean
  readonly of: string
  readonly older: string | null
}

/** One person, as those see them who look after the place. */
export interface AdminPerson {
  readonly id: string
  readonly name: string | null
  readonly isMe: boolean
  readonly standing: Standing
  readonly joinedAt: Moment
  /** Who let them in; null when nobody knows. */
  readonly invitedBy: string | null
  readonly roles: readonly { readonly role: Role; readonly until: string | null; readonly isOver: boolean }[]
  readonly sessions: number
  readonly lastUsed: Moment | null
  /** Newest first. */
  readonly links: readonly {
    readonly by: string
    readonly at: Moment
    readonly state: 'open' | 'used' | 'expired' | 'revoked'
  }[]
  /** What was sent and is not right. */
  readonly mistakes: { readonly role: string | null; readonly until: string | null }
  readonly problem: string | null
  readonly sent: { readonly role: string; readonly until: string }
}

/** What somebody could still come in by. */
export interface AdminLinks {
  /** Newest first, at most 50. */
  readonly invites: readonly {
    readonly id: string
    readonly by: string
    readonly at: Moment
    readonly until: Moment
    readonly seats: number
    readonly taken: number
    readonly role: Role | null
  }[]
  readonly isNewest: boolean
  readonly older: string | null
  readonly logins: readonly {
    readonly id: string
    readonly whom: string
    readonly by: string
    readonly at: Moment
    readonly until: Moment
  }[]
}

/** What was done in the name of all, and who came in. */
export interface AuditPage {
  readonly filter: AuditFilter
  /** Nobody has the name that was looked for. */
  readonly isNobody: boolean
  readonly groups: readonly { readonly name: string; readonly label: string }[]
  /** Newest first, at most 50. */
  readonly entries: readonly AuditEntry[]
  readonly isNewest: boolean
  readonly of: string
  readonly older: string | null
}

/** As a form sends it; each is empty where nothing was asked. */
export interface AuditFilter {
  readonly who: string
  readonly group: string
  readonly from: string
  readonly until: string
}

export interface AuditEntry {
  readonly sequence: number
  readonly at: Moment
  readonly words: string
  readonly by: string
  readonly whom: string | null
  readonly detail: string | null
}
