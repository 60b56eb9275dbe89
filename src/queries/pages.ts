import type { Moment } from '../kernel/moment.ts'
import type * as admin from './pages/admin.ts'
import type * as applications from './pages/applications.ts'
import type * as asking from './pages/asking.ts'
import type * as becoming from './pages/becoming.ts'
import type { Card } from './pages/cards.ts'
import type { Devices } from './pages/devices.ts'
import type * as feeds from './pages/feeds.ts'
import type * as joining from './pages/joining.ts'
import type { LinkState } from './pages/links.ts'
import type { Mistakes } from './pages/mistakes.ts'
import type * as notices from './pages/notices.ts'
import type * as people from './pages/people.ts'
import type * as praying from './pages/praying.ts'
import type * as publications from './pages/publications.ts'
import type { Found } from './pages/search.ts'
import type * as ways from './pages/sign-ins.ts'
import type * as still from './pages/still.ts'
import type * as recovery from './recovery/pages.ts'

/** What each page shows. The name of a page is the name of its view, `views/<name>.eta`. */
export interface Pages {
  home: Home
  message: Message
  starting: Waiting
  'invites/claim': joining.Claim
  'invites/preview': joining.InvitePreview
  'invites/elsewhere': joining.InviteElsewhere
  'invites/for-others': joining.InviteForOthers
  'invites/mine': joining.MyInvites
  'invites/made': joining.NewInvite
  'invites/several': joining.SeveralInvite
  'newcomers/waiting': joining.WaitingForYes
  'newcomers/declined': joining.Declined
  'newcomers/list': joining.Newcomers
  'tree/branch': joining.TreePage
  'agreements/words': joining.AgreementWords
  'applications/apply': applications.Apply
  'applications/state': applications.ApplicationState
  'applications/list': applications.Applications
  'login-links/use': LoginLink
  'me/devices': Devices
  'sessions/again': SignInAgain
  'sessions/sign-in': WaysBack
  'sessions/sign-out': WaysIn
  'sign-ins/address': ways.MyAddress
  'sign-ins/attempt': ways.OneAttempt
  'sign-ins/attempts': ways.Attempts
  'sign-ins/link-for-somebody': ways.LinkForSomebody
  'sign-ins/mail-link': ways.MailLink
  'sign-ins/mailed': ways.Mailed
  'sign-ins/vouch': ways.Vouch
  'sign-ins/waiting': ways.AtTheDoor
  'ways-in/first': WaysInForm
  'ways-in/list': WaysInForm
  'ways-in/paper-key': PaperKey
  'prayers/feed': Front
  'prayers/prayer': Prayer
  'prayers/ask': asking.Ask
  'prayers/preview': asking.Preview
  'focus/list': feeds.FocusPage
  'focus/place': feeds.FocusForm
  'prayers/encourage': praying.Encouraging
  'notices/list': notices.Notices
  'notices/kinds': notices.MyNotices
  'pray/choose': praying.PrayerTime
  'pray/step': praying.PrayerStep
  'pray/rest': praying.PrayerRest
  'prayers/change': becoming.ChangeForm
  'prayers/tell': becoming.UpdateForm
  'prayers/answer': becoming.AnswerForm
  'prayers/close': becoming.CloseForm
  'prayers/renew': becoming.RenewForm
  'prayers/withdraw': becoming.WithdrawForm
  'prayers/flag': becoming.FlagForm
  'prayers/earlier': becoming.Earlier
  'prayers/answered': becoming.Answered
  'search/found': Found
  'still/creed': Readonly<Record<never, never>>
  'still/giving': still.Giving
  'still/how-it-works': Readonly<Record<never, never>>
  'still/lately': still.Lately
  'still/reflection': still.ReflectionPage
  'still/whats-new': still.WhatsNew
  'admin/hub': admin.AdminHub
  'admin/people': admin.AdminPeople
  'admin/person': admin.AdminPerson
  'admin/links': admin.AdminLinks
  'admin/sign-out': Readonly<Record<never, never>>
  'admin/calls': asking.Calls
  'admin/audit': admin.AuditPage
  'admin/flags': becoming.FlagsPage
  'admin/settings': admin.SettingsPage
  'admin/setting': admin.SettingPage
  'people/directory': people.Directory
  'people/profile': people.Profile
  'people/keep-apart': people.KeepApart
  'people/others-apart': people.OthersApart
  'prayers/author': people.ShownAuthor
  'me/hub': people.Me
  'me/name': people.MyName
  'me/words': people.MyWords
  'me/praying': people.MyPraying
  'me/apart': people.MyApart
  'publications/mine': publications.Publishing
  'publications/open': publications.OpenPage
  'recovery/overview': recovery.RecoveryOverview
  'recovery/work': recovery.RecoveryWork
  'recovery/segments': recovery.RecoverySegments
  'recovery/coverage': recovery.RecoveryCoverage
  'recovery/history': recovery.RecoveryHistory
  'recovery/growth': recovery.RecoveryGrowth
  'recovery/problems': recovery.RecoveryProblems
  'recovery/edits': recovery.RecoveryEdits
  'recovery/edit-end': recovery.RecoveryEditEnd
  'recovery/sheet': recovery.RecoverySheetState
  'recovery/print': recovery.RecoverySheet
}

export type Page = keyof Pages

/** What replaces part of a page: the same partial with the same model, without anything around it. */
export interface Fragments {
  'prayers/beside': Pick<asking.Ask, 'words' | 'beside'>
  'prayers/request': Prayer
  'recovery/now': { readonly work: recovery.WorkNow }
  'recovery/progress': { readonly work: recovery.WorkNow }
}

export type Fragment = keyof Fragments

/** What stands around every page; the web adds it. */
export interface Frame {
  readonly title: string
  readonly community: string
  readonly reader: { readonly name: string; readonly isAdmin: boolean; readonly isModerator: boolean } | null
  readonly path: string
  /** One sentence above everything: nothing can be saved just now. */
  readonly notice: string | null
  /** Somebody wants to come in as the reader. */
  readonly knock: ways.Knock | null
  /** There is a page on giving. */
  readonly hasGiving: boolean
  /** How many notices they have not read. */
  readonly unread: number
  /** People can be written to, and come back by a letter. */
  readonly hasMail: boolean
  readonly now: Moment
  /** The time zone of the reader, as far as their browser has said it; else that of the community. */
  readonly zone: string
  /** Fresh for each page; its forms send it, so that a double post is one. */
  readonly key: string
}

/** The public page, for whoever is not signed in. */
export interface Home {
  /** The community's words of welcome. */
  readonly welcome: string
  /** Whoever knows nobody here may ask to join. */
  readonly mayApply: boolean
}

/** The site is not ready, and a form was sent: what it held, to be sent again. `label` is of what the person wrote. */
export interface Waiting {
  readonly heading: string
  readonly sentence: string
  readonly action: string
  readonly fields: readonly {
    readonly name: string
    readonly value: string
    readonly label: string | null
  }[]
}

/** An understood "no", a defect, or anything else that is one sentence and a way on. */
export interface Message {
  readonly heading: string
  readonly sentence: string
  readonly way: { readonly words: string; readonly href: string } | null
}

/** What an invite says to whoever holds its link. */
export interface Invite {
  readonly state: LinkState
  /** Null when whoever runs the site issued it, or when the name was erased. */
  readonly invitedBy: string | null
  readonly makesAdmin: boolean
}

/** What a login link says to whoever holds it. */
export interface LinkHolder {
  readonly state: LinkState
  readonly name: string | null
}

/** Coming back with an open login link: one button, so that opening the page does nothing yet. */
export interface LoginLink {
  readonly token: string
  readonly name: string | null
  readonly onward: Onward
  /** They are signed in, and show once more that it is they. */
  readonly isAgain: boolean
}

/** Where somebody was going when they were asked who they are; empty is nowhere. */
export interface Onward {
  /** A path of this site. */
  readonly next: string
  /** The form that they had sent there, as browsers send it. */
  readonly unsent: string
}

/** The ways back in. */
export interface WaysBack {
  /** What was written into their forms, kept. */
  readonly written: {
    readonly words: string
    readonly who: string
    readonly called: string
    readonly link: string
    readonly isShared: boolean
  }
  readonly mistakes: Mistakes<'passkey' | 'words' | 'who' | 'called' | 'link'>
  /** They are signed in, and show once more that it is they. */
  readonly isAgain: boolean
  /** Why none of it led in. */
  readonly problem: string | null
  readonly onward: Onward
}

/** The same, for somebody who is signed in and has to show once more that it is they. */
export interface SignInAgain extends WaysBack {
  readonly name: string
}

/** How a member can come back. */
export interface WaysIn {
  readonly passkeys: readonly {
    readonly id: string
    /** Null when it was erased. */
    readonly name: string | null
    readonly addedAt: Moment
    readonly usedAt: Moment | null
  }[]
  readonly paperKeyMadeAt: Moment | null
  /** They can be written to, where the site has mail. */
  readonly hasAddress: boolean
  /** One is open that was made for them. */
  readonly hasLoginLink: boolean
}

/** The same, with the form of one passkey more. */
export interface WaysInForm extends WaysIn {
  readonly newName: string
  readonly mistakes: Mistakes<'name' | 'passkey'>
}

/** A paper key, the one time that its words are shown. */
export interface PaperKey {
  readonly name: string
  readonly words: readonly string[]
  readonly madeAt: Moment
  /** Where they are typed. */
  readonly address: string
  readonly picture: { readonly size: number; readonly path: string }
}

export interface Feed {
  /** Newest first, at most 20. */
  readonly cards: readonly Card[]
  /** Nothing newer was left out. */
  readonly isNewest: boolean
  /** The address of the next page: `/feed?before=…`. */
  readonly older: string | null
}

/** A feed, as the front of the site shows it. */
export interface Front extends feeds.FeedPage {
  /** For whoever is new, until they put it away. */
  readonly isWelcome: boolean
}

export interface Prayer {
  readonly card: Card
  /** It is mine and not a minute old. */
  readonly isJustShared: boolean
  /** Who prayed, for the author alone; null for everyone else. Latest first; whoever prays unseen is `isUnseen`. */
  readonly prayedBy:
    | readonly { readonly name: string | null; readonly isUnseen: boolean; readonly times: number }[]
    | null
  /** Of what I asked without my name: when and why moderators looked who asked. */
  readonly lookups: readonly people.AuthorLookup[]
  readonly mayShowAuthor: boolean
  readonly becoming: becoming.Becoming
  /** It is mine, and may have a page on the open internet. */
  readonly mayPublish: boolean
}
