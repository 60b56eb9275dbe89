import type { Kind, Table } from '../kernel/event.ts'
import { archiveOpened } from './archive.ts'
import { recordErased } from './erasures.ts'
import { inviteClaimed, inviteIssued, inviteRevoked } from './invites.ts'
import { loginLinkIssued, loginLinkRevoked, loginLinkUsed } from './login-links.ts'
import { prayerMarked, prayerUnmarked } from './marks.ts'
import { memberJoined } from './members.ts'
import { prayerPosted } from './prayers.ts'
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
import { sessionClosed, sessionOpened, sessionRenewed } from './sessions.ts'

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
]

/** Every table of the cache, each filled by at least one kind. */
export const tables: readonly Table[] = [...new Set(kinds.flatMap((kind) => kind.tables))]
