import type { Kind, Table } from '../kernel/event.ts'
import { addressAdded, addressRemoved } from './addresses.ts'
import { exportMade, sessionsClosed } from './administration.ts'
import { applicationApproved, applicationDeclined, applicationSent } from './applications.ts'
import { archiveOpened } from './archive.ts'
import { authorShown } from './author-lookups.ts'
import { callAsked, callTaken } from './calls.ts'
import { encouragementSent } from './encouragements.ts'
import { recordErased } from './erasures.ts'
import { flagSettled, prayerFlagged } from './flags.ts'
import { focusEnded, focusPlaced } from './focus.ts'
import { prayerFollowed, prayerUnfollowed } from './follows.ts'
import { inviteClaimed, inviteIssued, inviteRevoked } from './invites.ts'
import { labelGiven, labelTaken } from './labels.ts'
import { loginLinkIssued, loginLinkRevoked, loginLinkUsed } from './login-links.ts'
import { prayerMarked, prayerUnmarked } from './marks.ts'
import {
  invitingPaused,
  invitingResumed,
  memberAdmitted,
  memberDeactivated,
  memberDeclined,
  memberJoined,
  memberReactivated,
  memberRenamed,
  profileChanged,
  visibilityChanged,
  welcomeDismissed,
} from './members.ts'
import { allNoticesRead, noticeRead, noticesSwitched } from './notices.ts'
import { paperKeyMade } from './paper-keys.ts'
import { passkeyAdded, passkeyRemoved, passkeyUsed } from './passkeys.ts'
import {
  prayerAnswered,
  prayerClosed,
  prayerRenewed,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
} from './prayer-states.ts'
import { prayerChanged, prayerUpdated } from './prayer-words.ts'
import { prayerPosted } from './prayers.ts'
import { prayerPublished, publicationEnded } from './publications.ts'
import {
  archiveRestored,
  archiveVerified,
  backupMade,
  cacheRebuilt,
  recordAccepted,
  segmentRestored,
  sheetConfirmed,
  tailQuarantined,
  upgradeFinished,
} from './recovery.ts'
import { roleGranted, roleRevoked } from './roles.ts'
import { keyAdded } from './seal-keys.ts'
import { sealingKeyMade } from './sealing-keys.ts'
import { pairRejoined, pairSeparated } from './separations.ts'
import { sessionClosed, sessionOpened, sessionRekeyed, sessionRenewed } from './sessions.ts'
import { rulesAccepted, settingChanged } from './settings.ts'
import { signInApproved, signInAsked, signInRefused, signInUsed } from './sign-ins.ts'
import { strangersRefused } from './strangers.ts'

/** Everything that can happen. */
export const kinds: readonly Kind[] = [
  archiveOpened,
  keyAdded,
  memberJoined,
  sessionOpened,
  sessionRenewed,
  sessionClosed,
  inviteIssued,
  inviteClaimed,
  inviteRevoked,
  roleGranted,
  roleRevoked,
  loginLinkIssued,
  loginLinkUsed,
  loginLinkRevoked,
  prayerPosted,
  prayerMarked,
  prayerUnmarked,
  recordErased,
  archiveVerified,
  cacheRebuilt,
  backupMade,
  archiveRestored,
  upgradeFinished,
  tailQuarantined,
  segmentRestored,
  recordAccepted,
  sheetConfirmed,
  sealingKeyMade,
  memberRenamed,
  memberAdmitted,
  memberDeclined,
  memberDeactivated,
  memberReactivated,
  profileChanged,
  visibilityChanged,
  welcomeDismissed,
  invitingPaused,
  invitingResumed,
  sessionRekeyed,
  passkeyAdded,
  passkeyUsed,
  passkeyRemoved,
  paperKeyMade,
  addressAdded,
  addressRemoved,
  signInAsked,
  signInApproved,
  signInRefused,
  signInUsed,
  applicationSent,
  applicationApproved,
  applicationDeclined,
  labelGiven,
  labelTaken,
  pairSeparated,
  pairRejoined,
  settingChanged,
  rulesAccepted,
  authorShown,
  strangersRefused,
  sessionsClosed,
  exportMade,
  prayerChanged,
  prayerUpdated,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
  prayerAnswered,
  prayerClosed,
  prayerRenewed,
  prayerFollowed,
  prayerUnfollowed,
  encouragementSent,
  allNoticesRead,
  noticeRead,
  noticesSwitched,
  focusPlaced,
  focusEnded,
  prayerPublished,
  publicationEnded,
  callAsked,
  callTaken,
  prayerFlagged,
  flagSettled,
]

/** Every table of the cache, each filled by at least one kind. */
export const tables: readonly Table[] = [...new Set(kinds.flatMap((kind) => kind.tables))]
