import { type Actor, isMember, type Member, type Role, roles, type Waiting } from './actor.ts'
import { earlier, hours, type Moment } from './moment.ts'
import { Refusal } from './refusal.ts'

/*
 * Who may do what: the one table that commands, pages, docs/permissions.md and the tests read. What somebody may do to
 * one thing (their own request, their own invite) is decided by the command; here stands whether they may try at all.
 */

/** What an actor can be here. Whoever has a role is a member, too. */
export type Standing = Actor['is'] | Role

interface Permission {
  readonly who: readonly Standing[]
  /** They must have proved within twelve hours who they are. */
  readonly isFresh?: true
}

const anyone = { who: ['visitor', 'waiting', 'member', 'operator'] } as const
const here = { who: ['waiting', 'member'] } as const
const members = { who: ['member'] } as const
/** What opens a way in or shuts one, and what cannot be undone. */
const ownKeys = { who: ['member'], isFresh: true } as const
const moderators = { who: ['moderator', 'admin'], isFresh: true } as const
const admins = { who: ['admin'], isFresh: true } as const
const adminsOrOperator = { who: ['admin', 'operator'], isFresh: true } as const
const operators = { who: ['operator'] } as const
const caretakers = { who: ['admin', 'operator', 'schedule'] } as const

export const permissions = {
  // Coming in
  claimInvite: anyone,
  sendApplication: anyone,
  signInByLink: anyone,
  signInByPasskey: anyone,
  signInByPaperKey: anyone,
  signInByMail: anyone,
  askSignIn: anyone,
  finishSignIn: anyone,
  signOut: anyone,
  renewSession: here,
  rekeySession: here,
  // Praying
  postPrayer: members,
  markPrayer: members,
  unmarkPrayer: members,
  askCall: members,
  publishPrayer: members,
  endPublication: members,
  followPrayer: members,
  unfollowPrayer: members,
  sendEncouragement: members,
  readNotice: members,
  readAllNotices: members,
  switchNotices: members,
  changePrayer: members,
  updatePrayer: members,
  restPrayer: members,
  returnPrayer: members,
  withdrawPrayer: members,
  answerPrayer: members,
  closePrayer: members,
  renewPrayer: members,
  flagPrayer: members,
  // Oneself
  acceptRules: members,
  dismissWelcome: members,
  renameMyself: members,
  eraseFormerName: ownKeys,
  changeProfile: members,
  changeVisibility: members,
  closeSession: ownKeys,
  closeOtherSessions: ownKeys,
  addPasskey: ownKeys,
  removePasskey: ownKeys,
  makePaperKey: ownKeys,
  addAddress: ownKeys,
  removeAddress: ownKeys,
  // One another
  approveSignIn: members,
  refuseSignIn: members,
  inviteSomebody: members,
  revokeInvite: { who: ['member', 'operator'] },
  keepApart: members,
  rejoin: members,
  // For all
  seeAuthor: moderators,
  // Perhaps a life depends on it: nobody has to show first that it is they.
  takeCall: { who: ['moderator', 'admin'] },
  placeInFocus: moderators,
  moveInFocus: moderators,
  takeFromFocus: moderators,
  readEarlierWords: moderators,
  extendPrayer: moderators,
  settleFlag: moderators,
  keepOthersApart: moderators,
  rejoinOthers: moderators,
  admitMember: admins,
  declineMember: admins,
  decideApplication: admins,
  pauseInviting: admins,
  resumeInviting: admins,
  giveLabel: admins,
  takeLabel: admins,
  deactivateMember: adminsOrOperator,
  reactivateMember: adminsOrOperator,
  closeSessionsOf: admins,
  closeAllSessions: adminsOrOperator,
  changeSetting: admins,
  seeAdministration: admins,
  issueInvite: { who: ['admin', 'operator'] },
  issueLoginLink: adminsOrOperator,
  revokeLoginLink: admins,
  exportAudit: admins,
  exportKeys: admins,
  grantRole: adminsOrOperator,
  revokeRole: adminsOrOperator,
  // Keeping archive and cache well
  tellVerified: caretakers,
  tellRebuilt: caretakers,
  tellBackedUp: caretakers,
  tellRestored: caretakers,
  tellUpgraded: caretakers,
  tellQuarantined: caretakers,
  tellSegmentRestored: caretakers,
  tellSheetConfirmed: caretakers,
  mendArchive: caretakers,
  // By the program itself, or at the machine
  openFirstLink: operators,
  tellSealingKey: operators,
  tellStrangersRefused: { who: ['schedule'] },
  restLapsed: { who: ['schedule'] },
  lapseApplications: { who: ['schedule'] },
  eraseApplications: { who: ['schedule'] },
} as const satisfies Readonly<Record<string, Permission>>

export type Act = keyof typeof permissions

type Allowed<A extends Act> = (typeof permissions)[A]['who'][number]

/** What an actor who may do this is known to be. */
export type Permitted<A extends Act> = [Allowed<A>] extends ['member' | Role]
  ? Member
  : [Allowed<A>] extends ['member' | 'waiting' | Role]
    ? Member | Waiting
    : Actor

/** Whether this actor may try; whether their sign-in is fresh is not asked. */
export function mayTry(actor: Actor, act: Act): boolean {
  const { who }: Permission = permissions[act]
  return who.includes(actor.is) || (isMember(actor) && actor.roles.some((role) => who.includes(role)))
}

/** The actor, when they may try now. Throws the Refusal that says what is missing. */
export function permitted<A extends Act>(actor: Actor, act: A, now: Moment): Permitted<A> {
  if (!mayTry(actor, act)) throw refused(actor, act)
  if (!isFreshEnough(actor, act, now))
    throw new Refusal('fresh', 'You came in more than twelve hours ago. Show once more that it is you.')
  // That is what `Permitted` says of whoever `mayTry` lets pass.
  return actor as Permitted<A>
}

/** Whether this actor has proved lately enough who they are. */
export function isFreshEnough(actor: Actor, act: Act, now: Moment): boolean {
  const { isFresh }: Permission = permissions[act]
  return !isFresh || !isMember(actor) || actor.signedInAt > earlier(now, 12 * hours)
}

const isRole = (standing: Standing): standing is Role => roles.some((role) => role === standing)

function refused(actor: Actor, act: Act): Refusal {
  const { who }: Permission = permissions[act]
  const isForMembers = who.some((standing) => standing === 'member' || isRole(standing))
  if (actor.is === 'visitor' && isForMembers) return new Refusal('sign-in', 'Sign in to go on.')
  if (actor.is === 'waiting' && isForMembers)
    return new Refusal('forbidden', 'An admin has to say yes before you can do that.')
  const needed = who.includes('moderator') ? 'a moderator' : who.includes('admin') ? 'an admin' : undefined
  return new Refusal('forbidden', `Only ${needed ?? 'whoever runs this site'} can do that.`)
}
