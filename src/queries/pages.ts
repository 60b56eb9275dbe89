import type * as admin from './pages/admin.ts'
import type * as applications from './pages/applications.ts'
import type * as asking from './pages/asking.ts'
import type * as becoming from './pages/becoming.ts'
import type { Devices } from './pages/devices.ts'
import type * as feeds from './pages/feeds.ts'
import type * as joining from './pages/joining.ts'
import type * as notices from './pages/notices.ts'
import type * as people from './pages/people.ts'
import type { Home, Message, Waiting } from './pages/plain.ts'
import type { Prayer } from './pages/prayers.ts'
import type * as praying from './pages/praying.ts'
import type * as publications from './pages/publications.ts'
import type { Found } from './pages/search.ts'
import type * as ways from './pages/sign-ins.ts'
import type * as still from './pages/still.ts'
import type * as waysIn from './pages/ways-in.ts'
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
  'login-links/use': waysIn.LoginLink
  'me/devices': Devices
  'sessions/again': waysIn.SignInAgain
  'sessions/sign-in': waysIn.WaysBack
  'sessions/sign-out': waysIn.WaysIn
  'sign-ins/address': ways.MyAddress
  'sign-ins/attempt': ways.OneAttempt
  'sign-ins/attempts': ways.Attempts
  'sign-ins/link-for-somebody': ways.LinkForSomebody
  'sign-ins/mail-link': ways.MailLink
  'sign-ins/mailed': ways.Mailed
  'sign-ins/vouch': ways.Vouch
  'sign-ins/waiting': ways.AtTheDoor
  'ways-in/first': waysIn.WaysInForm
  'ways-in/list': waysIn.WaysInForm
  'ways-in/paper-key': waysIn.PaperKey
  'prayers/feed': feeds.Front
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
