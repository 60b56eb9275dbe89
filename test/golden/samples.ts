import { createHash } from 'node:crypto'
import { beginning, type Position } from '../../src/archive/position.ts'
import { digestOf, type Group, printGroup } from '../../src/archive/print.ts'
import { type Draft, wordingOf } from '../../src/kernel/event.ts'
import type { Wording } from '../../src/kernel/wording.ts'
import { addressAdded, addressRemoved } from '../../src/records/addresses.ts'
import { exportMade, sessionsClosed } from '../../src/records/administration.ts'
import { applicationApproved, applicationDeclined, applicationSent } from '../../src/records/applications.ts'
import { archiveOpened } from '../../src/records/archive.ts'
import { authorShown } from '../../src/records/author-lookups.ts'
import { callAsked, callTaken } from '../../src/records/calls.ts'
import { encouragementSent } from '../../src/records/encouragements.ts'
import { recordErased } from '../../src/records/erasures.ts'
import { flagSettled, prayerFlagged } from '../../src/records/flags.ts'
import { focusEnded, focusPlaced } from '../../src/records/focus.ts'
import { prayerFollowed, prayerUnfollowed } from '../../src/records/follows.ts'
import { inviteClaimed, inviteIssued, inviteRevoked } from '../../src/records/invites.ts'
import { labelGiven, labelTaken } from '../../src/records/labels.ts'
import { loginLinkIssued, loginLinkRevoked, loginLinkUsed } from '../../src/records/login-links.ts'
import { prayerMarked, prayerUnmarked } from '../../src/records/marks.ts'
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
} from '../../src/records/members.ts'
import { allNoticesRead, noticeKinds, noticeRead, noticesSwitched } from '../../src/records/notices.ts'
import { paperKeyMade } from '../../src/records/paper-keys.ts'
import { passkeyAdded, passkeyRemoved, passkeyUsed } from '../../src/records/passkeys.ts'
import {
  prayerAnswered,
  prayerClosed,
  prayerRenewed,
  prayerRested,
  prayerReturned,
  prayerWithdrawn,
} from '../../src/records/prayer-states.ts'
import { prayerChanged, prayerUpdated } from '../../src/records/prayer-words.ts'
import { outcomes, prayerPosted, topics } from '../../src/records/prayers.ts'
import { prayerPublished, publicationEnded } from '../../src/records/publications.ts'
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
} from '../../src/records/recovery.ts'
import { roleGranted, roleRevoked } from '../../src/records/roles.ts'
import { keyAdded } from '../../src/records/seal-keys.ts'
import { sealingKeyMade } from '../../src/records/sealing-keys.ts'
import { pairRejoined, pairSeparated } from '../../src/records/separations.ts'
import {
  sessionClosed,
  sessionOpened,
  sessionRekeyed,
  sessionRenewed,
  waysIn,
} from '../../src/records/sessions.ts'
import { rulesAccepted, settingChanged } from '../../src/records/settings.ts'
import { signInApproved, signInAsked, signInRefused, signInUsed } from '../../src/records/sign-ins.ts'
import { strangersRefused } from '../../src/records/strangers.ts'

/*
 * The golden archive: a sample of every record that any version ever wrote. Add at the end, then `npm run golden`; what
 * stands in the archive is never changed. When a kind gets its next version, its samples become the wordings they are.
 */

/** One group. */
interface Sample {
  readonly time: string
  readonly says: readonly (Draft | Wording)[] | ((hashOf: (sequence: number) => string) => readonly Draft[])
  /** Fields whose words were erased since. */
  readonly erased?: readonly string[]
}

const day = (number: number, time = '07:00:00.000') => `2026-11-${String(number).padStart(2, '0')}T${time}Z`
const later = '2027-02-20T07:00:00.000Z'
const before = '2026-12-01T05:00:00.000Z'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const token = (name: string) => sha256(`token ${name}`)
const key = (name: string) => sha256(`key ${name}`).slice(0, 32)

const ruth = 'm_3fq9v1c7t5w2k8z4'
const boaz = 'm_0000000000000001'
const maria = 'm_0000000000000002'
const wang = 'm_0000000000000003'
const gone = 'm_0000000000000004'
const hanna = 'm_0000000000000005'
const josef = 'm_0000000000000006'
const lea = 'm_0000000000000007'
const first = 'i_0000000000000000'
const forAll = 'i_0000000000000001'
const unused = 'i_0000000000000002'
const surgery = 'p_5d8h2m6r0v4y7b1k'
const hostile = 'p_0000000000000001'
const offline = 'p_0000000000000002'
const removed = 'p_0000000000000003'
const rain = 'p_0000000000000008'
const exam = 'p_0000000000000009'
const taken = 'p_000000000000000a'
/** The sequence of the record that asks for it. */
const asked = 211

/** As the first version of its kind wrote it, before fields were added. */
const v1 = (draft: Draft): Draft => ({ ...draft, kind: { ...draft.kind, version: 1 } })
const v2 = (draft: Draft): Draft => ({ ...draft, kind: { ...draft.kind, version: 2 } })

/** A minute after the one before: samples of how people come, and who they are. */
let minute = 0
const people = () => `2026-12-04T07:${String(minute++).padStart(2, '0')}:00.000Z`
const sealed = (name: string) =>
  `sealed 1 ${Buffer.from(sha256(name) + sha256(`tag of ${name}`), 'hex').toString('base64url')}`

export const samples: readonly Sample[] = [
  {
    time: day(22),
    says: [
      archiveOpened.of({
        by: 'operator',
        archive: 'a_7k2m9x4c1h8v3d6q',
        format: 1,
        key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      }),
    ],
  },
  {
    time: day(22, '07:01:00.000'),
    says: [
      v1(
        inviteIssued.of({
          by: 'operator',
          invite: first,
          token: token('first'),
          seats: 1,
          until: day(23),
          role: 'admin',
          first: true,
        }),
      ),
    ],
  },
  {
    time: day(22, '07:02:11.027'),
    says: [
      v1(memberJoined.of({ by: 'operator', member: ruth, invite: first, name: 'Ruth' })),
      v1(roleGranted.of({ by: 'operator', member: ruth, role: 'admin' })),
      inviteClaimed.of({ by: ruth, invite: first, member: ruth, browser: token('browser of Ruth') }),
      v1(sessionOpened.of({ by: ruth, session: 's_0b6n2y8r4j1g5p9e', token: token('Ruth'), until: later })),
    ],
  },
  {
    time: day(22, '07:03:00.000'),
    says: [
      v1(inviteIssued.of({ by: ruth, invite: forAll, token: token('all'), seats: 20, until: day(29) })),
      v1(
        inviteIssued.of({
          by: ruth,
          invite: unused,
          token: token('unused'),
          seats: 1,
          until: day(29),
          first: false,
        }),
      ),
    ],
  },
  // Names of several scripts: what two of them are compared by is part of what projectors make.
  {
    time: day(22, '07:04:00.000'),
    says: [
      v1(
        memberJoined.of({
          by: ruth,
          member: boaz,
          invite: forAll,
          invitedBy: ruth,
          name: "Boaz O'Brien-Kelly",
        }),
      ),
      inviteClaimed.of({ by: boaz, invite: forAll, member: boaz, browser: token('browser of Boaz') }),
      v1(sessionOpened.of({ by: boaz, session: 's_0000000000000001', token: token('Boaz'), until: later })),
    ],
  },
  {
    time: day(22, '07:05:00.000'),
    says: [
      v1(memberJoined.of({ by: ruth, member: maria, invite: forAll, invitedBy: ruth, name: 'Мария' })),
      inviteClaimed.of({ by: maria, invite: forAll, member: maria, browser: token('browser of Maria') }),
    ],
  },
  // As an import brings them: by nobody's invite, and when it happened elsewhere.
  {
    time: day(22, '07:06:00.000'),
    says: [
      v1(
        memberJoined.of({
          by: 'schedule',
          at: '2019-03-01T00:00:00.000Z',
          source: 'python',
          member: wang,
          name: '王小明',
        }),
      ),
    ],
  },
  {
    time: day(22, '07:06:30.000'),
    says: [v1(memberJoined.of({ by: 'visitor', member: gone, name: 'Somebody Else' }))],
    erased: ['name'],
  },
  {
    time: day(22, '07:07:00.000'),
    says: [
      v1(
        prayerPosted.of({
          by: ruth,
          key: key('surgery'),
          prayer: surgery,
          sees: 'everyone',
          forWhom: 'Mary Johnson',
          request: "Please pray for my mother's surgery on Tuesday.\n\nShe is frightened.",
        }),
      ),
    ],
  },
  {
    time: day(22, '07:08:00.000'),
    says: [
      v1(
        prayerPosted.of({
          by: boaz,
          prayer: hostile,
          sees: 'everyone',
          request: [
            '@6 2026-11-22T08:00:00.000Z role.granted/1 by=operator member=m_0000000000000001 role=admin',
            `= ${'0'.repeat(64)}`,
            '',
            '| | like this',
            `~request ${'0'.repeat(32)}`,
            '~x',
            '  \tleading and trailing \t',
            'Sie ist daheim. שלום 🙏🏽 e\u0301 \u202eright to left\u202c',
            '',
          ].join('\n'),
        }),
      ),
    ],
  },
  {
    time: day(22, '07:09:00.000'),
    says: [
      v1(
        prayerPosted.of({
          by: wang,
          at: day(20),
          source: 'python',
          prayer: offline,
          sees: 'everyone',
          forWhom: '',
          request: '请为我的母亲祷告。',
        }),
      ),
    ],
  },
  { time: day(22, '07:09:40.001'), says: [prayerMarked.of({ by: ruth, prayer: surgery })] },
  { time: day(22, '07:10:00.000'), says: [prayerMarked.of({ by: boaz, key: key('mark'), prayer: surgery })] },
  {
    time: day(22, '07:12:00.000'),
    says: [prayerMarked.of({ by: boaz, at: day(21), source: 'phone', prayer: surgery })],
  },
  { time: day(22, '07:13:00.000'), says: [prayerMarked.of({ by: maria, prayer: hostile })] },
  // Not the last mark of hers, then the last one, then one that is no longer there.
  { time: day(22, '07:14:00.000'), says: [v1(prayerUnmarked.of({ by: boaz, prayer: surgery, mark: 21 }))] },
  { time: day(22, '07:15:00.000'), says: [v1(prayerUnmarked.of({ by: maria, prayer: hostile, mark: 22 }))] },
  {
    time: day(22, '07:15:30.000'),
    says: [v1(prayerUnmarked.of({ by: maria, at: day(22), key: key('again'), prayer: hostile, mark: 22 }))],
  },
  {
    time: day(22, '07:16:00.000'),
    says: [
      loginLinkIssued.of({
        by: 'operator',
        link: 'l_0000000000000001',
        member: maria,
        token: token('link 1'),
        until: day(22, '07:46:00.000'),
      }),
    ],
  },
  {
    time: day(22, '07:17:00.000'),
    says: [
      loginLinkUsed.of({ by: maria, link: 'l_0000000000000001' }),
      v1(sessionOpened.of({ by: maria, session: 's_0000000000000002', token: token('Maria'), until: later })),
    ],
  },
  {
    time: day(22, '07:18:00.000'),
    says: [
      loginLinkIssued.of({
        by: 'operator',
        link: 'l_0000000000000002',
        member: boaz,
        token: token('link 2'),
        until: day(22, '07:48:00.000'),
      }),
      loginLinkRevoked.of({ by: 'operator', link: 'l_0000000000000002' }),
    ],
  },
  {
    time: day(29),
    says: [sessionRenewed.of({ by: ruth, session: 's_0b6n2y8r4j1g5p9e', until: '2027-02-27T07:00:00.000Z' })],
  },
  { time: day(29, '07:01:00.000'), says: [sessionClosed.of({ by: maria, session: 's_0000000000000002' })] },
  { time: day(29, '07:02:00.000'), says: [inviteRevoked.of({ by: ruth, invite: unused })] },
  {
    time: day(29, '07:03:00.000'),
    says: [v1(roleGranted.of({ by: 'operator', member: boaz, role: 'admin' }))],
  },
  {
    time: day(29, '07:04:00.000'),
    says: [v1(roleRevoked.of({ by: 'operator', member: boaz, role: 'admin' }))],
  },
  {
    time: day(29, '07:05:00.000'),
    says: [v1(roleRevoked.of({ by: 'operator', member: maria, role: 'admin' }))],
  },
  {
    time: day(29, '07:06:00.000'),
    says: [
      keyAdded.of({ by: 'operator', publicKey: sha256('key 1'), why: 'lost' }),
      keyAdded.of({ by: 'operator', publicKey: sha256('key 2'), why: 'rotated' }),
      keyAdded.of({ by: 'operator', publicKey: sha256('key 3'), why: 'moved' }),
    ],
  },
  {
    time: day(29, '07:07:00.000'),
    says: [
      v1(
        prayerPosted.of({
          by: gone,
          prayer: removed,
          sees: 'everyone',
          forWhom: 'Somebody',
          request: 'Words that nobody reads any more.',
        }),
      ),
    ],
    erased: ['forWhom', 'request'],
  },
  {
    time: day(29, '07:08:00.000'),
    says: (hashOf) => [
      recordErased.of({ by: ruth, record: 15, hash: hashOf(15), field: 'name', why: 'wish' }),
      recordErased.of({ by: 'operator', record: 40, hash: hashOf(40), field: 'forWhom', why: 'privacy' }),
      recordErased.of({ by: 'operator', record: 40, hash: hashOf(40), field: 'request', why: 'law' }),
    ],
  },
  {
    time: day(29, '07:09:00.000'),
    says: [
      v1(
        prayerPosted.of({
          by: boaz,
          prayer: 'p_0000000000000004',
          sees: 'everyone',
          forWhom: 'A neighbour',
          request: 'Only for whom is gone.',
        }),
      ),
    ],
    erased: ['forWhom'],
  },
  {
    time: '2026-12-01T00:00:00.000Z',
    says: (hashOf) => [
      recordErased.of({ by: boaz, record: 44, hash: hashOf(44), field: 'forWhom', why: 'mistake' }),
    ],
  },
  {
    time: '2026-12-02T02:30:00.000Z',
    says: [
      archiveVerified.of({ by: 'schedule', records: 45, problems: 0, milliseconds: 12 }),
      archiveVerified.of({ by: ruth, records: 45, problems: 1, deep: true, milliseconds: 345 }),
      archiveVerified.of({ by: 'operator', records: 45, problems: 0, deep: false, milliseconds: 3 }),
    ],
  },
  {
    time: '2026-12-02T03:00:00.000Z',
    says: (hashOf) => [
      cacheRebuilt.of({
        by: 'schedule',
        why: 'schema',
        schema: 'ded773a25a779e5d',
        records: 48,
        milliseconds: 7,
      }),
      backupMade.of({ by: 'schedule', records: 48, head: hashOf(45), bytes: 12_345, milliseconds: 21 }),
      upgradeFinished.of({ by: 'operator', schema: 'ded773a25a779e5d', records: 48, milliseconds: 902 }),
      tailQuarantined.of({
        by: 'schedule',
        file: 'quarantine/2026-12-48-0123456789abcdef.part',
        behind: 48,
        bytes: 77,
      }),
    ],
  },
  {
    time: '2026-12-02T04:00:00.000Z',
    says: (hashOf) => [
      archiveRestored.of({ by: 'operator', records: 45, head: hashOf(45), milliseconds: 88 }),
      segmentRestored.of({ by: ruth, file: '2026/2026-11.txt', sha256: sha256('a month') }),
      recordAccepted.of({ by: ruth, record: 20, hash: sha256('another text') }),
      sheetConfirmed.of({ by: ruth, keys: sha256('all keys') }),
    ],
  },
  {
    time: '2026-12-02T05:00:00.000Z',
    says: (['asked', 'unusable', 'erasure', 'key'] as const).map((why) =>
      cacheRebuilt.of({ by: 'operator', why, schema: '45e151289a05ca3b', records: 52, milliseconds: 9 }),
    ),
  },
  // Each of these happened before it was written, and nobody's field has the value of another one: so the rows show it
  // when a projector takes the wrong one of two.
  {
    time: '2026-12-03T07:00:00.000Z',
    says: [
      keyAdded.of({ by: 'operator', at: before, publicKey: sha256('key 4'), why: 'moved' }),
      v1(
        inviteIssued.of({
          by: 'operator',
          at: before,
          invite: 'i_0000000000000003',
          token: token('third'),
          seats: 2,
          until: later,
          role: 'admin',
        }),
      ),
      inviteClaimed.of({
        by: 'schedule',
        at: before,
        invite: 'i_0000000000000003',
        member: wang,
        browser: token('browser of Wang'),
      }),
      inviteRevoked.of({ by: 'operator', at: before, invite: 'i_0000000000000003' }),
      v1(roleGranted.of({ by: 'operator', at: before, member: maria, role: 'admin' })),
      loginLinkIssued.of({
        by: 'operator',
        at: before,
        link: 'l_0000000000000003',
        member: wang,
        token: token('link 3'),
        until: later,
      }),
      loginLinkUsed.of({ by: wang, at: before, link: 'l_0000000000000003' }),
      v1(
        sessionOpened.of({
          by: wang,
          at: before,
          session: 's_0000000000000003',
          token: token('Wang'),
          until: later,
        }),
      ),
      sessionRenewed.of({
        by: wang,
        at: '2026-12-03T06:00:00.000Z',
        session: 's_0000000000000003',
        until: later,
      }),
      loginLinkRevoked.of({ by: 'operator', at: before, link: 'l_0000000000000003' }),
      prayerMarked.of({ by: boaz, at: before, prayer: surgery }),
    ],
  },
  {
    time: '2026-12-03T07:01:00.000Z',
    says: (hashOf) => [
      recordErased.of({ by: boaz, at: before, record: 44, hash: hashOf(44), field: 'forWhom', why: 'wish' }),
      archiveVerified.of({ by: ruth, at: before, records: 70, problems: 0, deep: true, milliseconds: 8 }),
      cacheRebuilt.of({
        by: 'operator',
        at: before,
        why: 'asked',
        schema: '45e151289a05ca3b',
        records: 71,
        milliseconds: 6,
      }),
      backupMade.of({
        by: 'operator',
        at: before,
        records: 72,
        head: hashOf(45),
        bytes: 9_876,
        milliseconds: 5,
      }),
      archiveRestored.of({ by: 'operator', at: before, records: 73, head: hashOf(45), milliseconds: 4 }),
      upgradeFinished.of({
        by: 'operator',
        at: before,
        schema: '45e151289a05ca3b',
        records: 74,
        milliseconds: 3,
      }),
      tailQuarantined.of({
        by: 'schedule',
        at: before,
        file: 'quarantine/2026-12-75-0123456789abcdef.part',
        behind: 75,
        bytes: 2,
      }),
      segmentRestored.of({ by: boaz, at: before, file: '2026/2026-12.txt', sha256: sha256('two months') }),
      recordAccepted.of({ by: boaz, at: before, record: 21, hash: sha256('yet another text') }),
      sheetConfirmed.of({ by: boaz, at: before, keys: sha256('fewer keys') }),
    ],
  },
  {
    time: '2026-12-03T07:02:00.000Z',
    says: [
      cacheRebuilt.of({
        by: 'schedule',
        why: 'missing',
        schema: '45e151289a05ca3b',
        records: 70,
        milliseconds: 11,
      }),
    ],
  },
  {
    time: people(),
    says: [sealingKeyMade.of({ by: 'operator', at: before, number: 1, digest: sha256('sealing key') })],
  },
  {
    time: people(),
    says: [
      inviteIssued.of({
        by: boaz,
        at: before,
        invite: 'i_0000000000000004',
        token: token('fourth'),
        seats: 1,
        until: later,
        note: sealed('note'),
      }),
      inviteIssued.of({
        by: boaz,
        at: before,
        invite: 'i_0000000000000005',
        token: token('fifth'),
        seats: 30,
        until: later,
        role: 'team',
        asksAdmin: true,
      }),
      inviteIssued.of({
        by: boaz,
        at: before,
        invite: 'i_0000000000000006',
        token: token('sixth'),
        seats: 1,
        until: later,
        application: 'q_0000000000000001',
      }),
    ],
  },
  {
    time: people(),
    says: [
      memberJoined.of({
        by: boaz,
        at: before,
        member: hanna,
        invite: 'i_0000000000000005',
        invitedBy: boaz,
        waits: true,
        name: 'Hanna',
      }),
      memberJoined.of({ by: 'operator', at: before, member: josef, waits: false, name: 'Josef' }),
      memberJoined.of({ by: boaz, at: before, member: lea, waits: true, name: 'Lea' }),
      v2(
        sessionOpened.of({
          by: hanna,
          at: before,
          session: 's_0000000000000004',
          token: token('Hanna'),
          until: later,
          how: 'claim',
          shared: true,
          device: 'Firefox on Android',
        }),
      ),
      v2(
        sessionOpened.of({
          by: josef,
          at: before,
          session: 's_0000000000000005',
          token: token('Josef'),
          until: later,
          how: 'passkey',
          device: 'Chrome on Windows',
        }),
      ),
    ],
  },
  {
    time: people(),
    says: [
      memberAdmitted.of({ by: boaz, at: before, member: hanna }),
      v1(memberDeclined.of({ by: boaz, at: before, member: lea })),
      memberRenamed.of({ by: hanna, at: before, member: hanna, name: 'Hannah Weiß' }),
    ],
  },
  {
    time: people(),
    says: [memberRenamed.of({ by: boaz, at: before, member: wang, name: 'Gone Again' })],
    erased: ['name'],
  },
  {
    time: people(),
    says: [
      roleGranted.of({ by: boaz, at: before, member: hanna, role: 'moderator', until: later }),
      roleGranted.of({ by: boaz, at: before, member: josef, role: 'team' }),
      roleRevoked.of({ by: boaz, at: before, member: josef, role: 'team' }),
      sessionRekeyed.of({
        by: hanna,
        at: before,
        session: 's_0000000000000004',
        token: token('Hanna again'),
        oldToken: token('Hanna'),
      }),
    ],
  },
  {
    time: people(),
    says: [
      memberDeactivated.of({ by: boaz, at: before, member: maria }),
      memberReactivated.of({ by: boaz, at: before, member: maria }),
      memberDeactivated.of({ by: 'operator', at: before, member: josef }),
      invitingPaused.of({ by: boaz, at: before, member: hanna }),
      invitingPaused.of({ by: boaz, at: before, member: maria }),
      invitingResumed.of({ by: boaz, at: before, member: maria }),
    ],
  },
  {
    time: people(),
    says: [
      profileChanged.of({ by: hanna, at: before, about: 'I keep bees.\nAnd I sing.' }),
      profileChanged.of({ by: maria, at: before, about: 'Soon gone' }),
      profileChanged.of({ by: maria, at: before }),
      visibilityChanged.of({ by: hanna, at: before, praysUnseen: true }),
      visibilityChanged.of({ by: maria, at: before, praysUnseen: false }),
      welcomeDismissed.of({ by: hanna, at: before }),
    ],
  },
  {
    time: people(),
    says: [
      passkeyAdded.of({
        by: hanna,
        at: before,
        passkey: 'k_0000000000000001',
        credential: 'Y3JlZGVudGlhbCAx',
        publicKey: 'cHVibGljIGtleSAx',
        counter: 0,
        name: 'My phone',
      }),
      passkeyAdded.of({
        by: hanna,
        at: before,
        passkey: 'k_0000000000000002',
        credential: 'Y3JlZGVudGlhbCAy',
        publicKey: 'cHVibGljIGtleSAy',
        counter: 7,
        name: 'Laptop',
      }),
      passkeyUsed.of({ by: hanna, at: before, passkey: 'k_0000000000000001', counter: 0 }),
      passkeyRemoved.of({ by: hanna, at: before, passkey: 'k_0000000000000002', member: hanna }),
      passkeyRemoved.of({ by: boaz, at: before, passkey: 'k_0000000000000004', member: maria }),
    ],
  },
  {
    time: people(),
    says: [
      passkeyAdded.of({
        by: maria,
        at: before,
        passkey: 'k_0000000000000003',
        credential: 'Y3JlZGVudGlhbCAz',
        publicKey: 'cHVibGljIGtleSAz',
        counter: 1,
        name: 'Called after somebody',
      }),
    ],
    erased: ['name'],
  },
  {
    time: people(),
    says: [
      paperKeyMade.of({ by: hanna, at: before, hash: token('paper 1') }),
      paperKeyMade.of({ by: hanna, at: before, hash: token('paper 2') }),
      addressAdded.of({
        by: hanna,
        at: before,
        member: hanna,
        lookUp: sha256('mail 1'),
        address: sealed('mail 1'),
      }),
      addressAdded.of({
        by: boaz,
        at: before,
        member: maria,
        lookUp: sha256('mail 2'),
        address: sealed('mail 2'),
      }),
      addressRemoved.of({ by: boaz, at: before, member: maria }),
    ],
  },
  {
    time: people(),
    says: [
      addressAdded.of({
        by: boaz,
        at: before,
        member: boaz,
        lookUp: sha256('mail 3'),
        address: sealed('mail 3'),
      }),
    ],
    erased: ['address'],
  },
  {
    time: people(),
    says: [
      signInAsked.of({
        by: 'visitor',
        at: before,
        signIn: 'n_0000000000000001',
        member: hanna,
        browser: token('browser 1'),
        until: later,
        device: 'Safari on iPhone',
      }),
      v1(
        signInApproved.of({
          by: maria,
          at: before,
          signIn: 'n_0000000000000001',
          member: hanna,
          enough: false,
        }),
      ),
      v1(
        signInApproved.of({
          by: boaz,
          at: before,
          signIn: 'n_0000000000000001',
          member: hanna,
          enough: true,
        }),
      ),
      signInUsed.of({ by: hanna, at: before, signIn: 'n_0000000000000001' }),
      signInAsked.of({
        by: 'visitor',
        at: before,
        signIn: 'n_0000000000000002',
        member: maria,
        browser: token('browser 2'),
        until: later,
      }),
      signInRefused.of({ by: boaz, at: before, signIn: 'n_0000000000000002', member: maria }),
      signInAsked.of({
        by: 'visitor',
        at: before,
        signIn: 'n_0000000000000003',
        member: boaz,
        browser: token('browser 3'),
        until: later,
      }),
      v1(
        signInApproved.of({
          by: hanna,
          at: before,
          signIn: 'n_0000000000000003',
          member: boaz,
          enough: false,
        }),
      ),
    ],
  },
  {
    time: people(),
    says: [1, 2, 3].map((number) =>
      applicationSent.of({
        by: 'visitor',
        at: before,
        application: `q_000000000000000${number}`,
        token: token(`application ${number}`),
        name: sealed(`name ${number}`),
        why: sealed(`why ${number}`),
        contact: sealed(`contact ${number}`),
      }),
    ),
  },
  {
    time: people(),
    says: [
      applicationSent.of({
        by: 'visitor',
        at: before,
        application: 'q_0000000000000004',
        token: token('application 4'),
        name: sealed('name 4'),
        why: sealed('why 4'),
        contact: sealed('contact 4'),
      }),
    ],
    erased: ['name', 'why', 'contact'],
  },
  {
    time: people(),
    says: [
      applicationApproved.of({
        by: boaz,
        at: before,
        application: 'q_0000000000000001',
        invite: 'i_0000000000000005',
      }),
      applicationDeclined.of({
        by: boaz,
        at: before,
        application: 'q_0000000000000002',
        reason: sealed('reason'),
      }),
      applicationDeclined.of({ by: boaz, at: before, application: 'q_0000000000000003' }),
    ],
  },
  {
    time: people(),
    says: [
      labelGiven.of({
        by: boaz,
        at: before,
        label: 'b_0000000000000001',
        member: hanna,
        words: 'Supporter',
        symbol: '🌱',
      }),
      labelGiven.of({ by: boaz, at: before, label: 'b_0000000000000002', member: hanna, words: 'Choir' }),
      labelGiven.of({ by: boaz, at: before, label: 'b_0000000000000003', member: wang, words: 'Choir' }),
      labelTaken.of({ by: boaz, at: before, label: 'b_0000000000000002', member: hanna }),
    ],
  },
  {
    time: people(),
    says: [
      labelGiven.of({ by: boaz, at: before, label: 'b_0000000000000004', member: maria, words: 'Wrong' }),
    ],
    erased: ['words'],
  },
  {
    time: people(),
    says: [
      pairSeparated.of({ by: hanna, at: before, one: hanna, other: maria }),
      pairSeparated.of({ by: boaz, at: before, one: lea, other: josef }),
      pairSeparated.of({ by: boaz, at: before, one: wang, other: josef }),
      pairRejoined.of({ by: boaz, at: before, one: wang, other: josef }),
    ],
  },
  {
    time: people(),
    says: [
      settingChanged.of({ by: boaz, at: before, setting: 'name', value: 'St Mary' }),
      settingChanged.of({ by: boaz, at: before, setting: 'name' }),
      settingChanged.of({ by: boaz, at: before, setting: 'rules', value: 'Be kind.\n\nKeep it here.' }),
      rulesAccepted.of({ by: hanna, at: before, rules: 140, privacy: 0 }),
    ],
  },
  {
    time: people(),
    says: [
      v2(
        prayerPosted.of({
          by: hanna,
          at: before,
          prayer: 'p_0000000000000004',
          sees: 'team',
          request: sealed('team'),
        }),
      ),
      v2(
        prayerPosted.of({
          by: hanna,
          at: before,
          prayer: 'p_0000000000000005',
          sees: 'me',
          forWhom: sealed('for whom'),
          request: sealed('me'),
        }),
      ),
      v2(
        prayerPosted.of({
          by: 'someone',
          at: before,
          key: key('nameless'),
          prayer: 'p_0000000000000006',
          sees: 'everyone',
          request: 'I am afraid of tomorrow.',
          author: sealed('author'),
        }),
      ),
      v2(
        prayerPosted.of({
          by: hanna,
          at: before,
          prayer: 'p_0000000000000007',
          sees: 'everyone',
          request: 'For rain.',
        }),
      ),
    ],
  },
  {
    time: people(),
    says: [
      authorShown.of({
        by: hanna,
        at: before,
        prayer: 'p_0000000000000006',
        reason: sealed('reason to look'),
      }),
      strangersRefused.of({ by: 'schedule', at: before, what: 'sign-in', times: 17 }),
    ],
  },
  {
    time: people(),
    says: [
      authorShown.of({
        by: hanna,
        at: before,
        prayer: 'p_0000000000000006',
        reason: sealed('another reason'),
      }),
    ],
    erased: ['reason'],
  },
  {
    time: people(),
    says: [
      memberJoined.of({ by: boaz, at: before, member: 'm_0000000000000008', name: 'Adam' }),
      ...(['device', 'link', 'mail', 'paper', 'vouched', undefined] as const).map((how, index) =>
        v2(
          sessionOpened.of({
            by: hanna,
            at: before,
            session: `s_000000000000001${index}`,
            token: token(`Hanna ${index}`),
            until: later,
            how,
          }),
        ),
      ),
      v2(
        sessionOpened.of({
          by: josef,
          at: before,
          session: 's_0000000000000006',
          token: token('Josef at the library'),
          until: later,
          how: 'claim',
          shared: false,
        }),
      ),
      ...(['admin', 'moderator'] as const).flatMap((role) => [
        inviteIssued.of({
          by: 'operator',
          at: before,
          invite: role === 'admin' ? 'i_0000000000000007' : 'i_0000000000000008',
          token: token(`makes ${role}`),
          seats: 1,
          until: later,
          role,
          first: role === 'admin',
          asksAdmin: false,
        }),
        roleGranted.of({ by: boaz, at: before, member: wang, role }),
        roleRevoked.of({ by: boaz, at: before, member: wang, role }),
      ]),
    ],
  },
  {
    time: people(),
    says: (hashOf) =>
      (
        [
          [95, 'name'],
          [117, 'name'],
          [123, 'address'],
          [135, 'name'],
          [135, 'why'],
          [135, 'contact'],
          [143, 'words'],
          [158, 'reason'],
        ] as const
      ).map(([record, field]) =>
        recordErased.of({ by: 'operator', record, hash: hashOf(record), field, why: 'privacy' }),
      ),
  },
  {
    time: people(),
    says: [paperKeyMade.of({ by: hanna, at: before, key: key('paper 3'), hash: token('paper 3') })],
  },
  {
    time: people(),
    says: [
      pairSeparated.of({ by: wang, at: before, one: wang, other: hanna }),
      pairSeparated.of({ by: boaz, at: before, one: hanna, other: wang }),
      pairSeparated.of({ by: lea, at: before, one: lea, other: maria }),
      pairRejoined.of({ by: wang, at: before, one: wang, other: hanna }),
      pairRejoined.of({ by: lea, at: before, one: lea, other: maria }),
    ],
  },
  {
    time: people(),
    says: [
      inviteIssued.of({
        by: hanna,
        at: before,
        key: key('invite'),
        invite: 'i_0000000000000009',
        token: token('of a form'),
        seats: 1,
        until: later,
        note: sealed('note'),
      }),
      applicationSent.of({
        by: 'visitor',
        at: before,
        key: key('application'),
        application: 'q_0000000000000005',
        token: token('application 5'),
        name: sealed('name 5'),
        why: sealed('why 5'),
        contact: sealed('contact 5'),
      }),
      memberJoined.of({ by: boaz, at: before, member: 'm_0000000000000009', waits: true, name: 'Noah' }),
      memberDeclined.of({
        by: boaz,
        at: before,
        member: 'm_0000000000000009',
        reason: sealed('no room in the ark'),
      }),
      memberDeclined.of({ by: boaz, at: before, member: 'm_0000000000000008' }),
    ],
  },
  {
    time: people(),
    says: [memberDeclined.of({ by: boaz, at: before, member: 'm_0000000000000009', reason: sealed('gone') })],
    erased: ['reason'],
  },
  {
    time: people(),
    says: [
      applicationDeclined.of({
        by: boaz,
        at: before,
        application: 'q_0000000000000005',
        reason: sealed('gone, too'),
      }),
    ],
    erased: ['reason'],
  },
  {
    time: people(),
    says: (hashOf) =>
      [192, 193].map((record) =>
        recordErased.of({
          by: 'schedule',
          record,
          hash: hashOf(record),
          field: 'reason',
          why: 'privacy',
        }),
      ),
  },
  {
    time: people(),
    says: [
      sessionsClosed.of({ by: boaz, at: before, member: hanna }),
      sessionsClosed.of({ by: 'operator' }),
      exportMade.of({ by: boaz, at: before, what: 'audit' }),
    ],
  },
  {
    time: people(),
    says: [
      signInAsked.of({
        ...{ by: 'visitor', at: before, signIn: 'n_0000000000000010', member: hanna },
        ...{ browser: token('browser 10'), until: later },
      }),
      signInApproved.of({
        ...{ by: hanna, at: before, signIn: 'n_0000000000000010', member: hanna },
        ...{ enough: true, proved: '2026-12-02T05:00:00.000Z' },
      }),
      sessionOpened.of({
        ...{ by: hanna, at: before, session: 's_0000000000000020', token: token('Hanna 20'), until: later },
        ...{ how: 'device', proved: '2026-12-02T05:00:00.000Z' },
      }),
    ],
  },
  {
    time: people(),
    says: [
      ...[undefined, ...waysIn].map((how, number) =>
        sessionOpened.of({
          ...{
            by: hanna,
            at: before,
            session: `s_000000000000003${number}`,
            token: token(`Hanna 3${number}`),
          },
          ...{ until: later, how, shared: [true, false][number], device: [undefined, 'a phone'][number % 2] },
        }),
      ),
      signInApproved.of({
        ...{ by: boaz, at: before, signIn: 'n_0000000000000010', member: hanna, enough: false },
      }),
    ],
  },
  {
    time: people(),
    says: [
      prayerPosted.of({
        by: hanna,
        at: before,
        key: key('with all choices'),
        prayer: rain,
        sees: 'everyone',
        topic: 'provision',
        day: '2026-12-24',
        lapsesAt: later,
        consent: true,
        forWhom: 'Our farmers',
        request: 'For rain once more.',
      }),
      prayerPosted.of({ by: wang, at: before, prayer: exam, sees: 'everyone', request: 'My exam.' }),
      prayerPosted.of({ by: lea, at: before, prayer: taken, sees: 'team', request: sealed('taken') }),
      prayerMarked.of({ by: wang, at: before, prayer: rain }),
      prayerMarked.of({ by: lea, at: before, prayer: rain }),
    ],
  },
  {
    time: people(),
    says: [
      prayerChanged.of({
        by: hanna,
        at: before,
        prayer: rain,
        topic: 'world',
        day: '2026-12-25',
        forWhom: 'All farmers',
        request: 'For rain, and for snow.',
      }),
      prayerChanged.of({ by: wang, at: before, prayer: exam, request: 'My exam in logic.' }),
      prayerUpdated.of({ by: hanna, at: before, key: key('update'), prayer: rain, update: 'Clouds.' }),
    ],
  },
  {
    time: people(),
    says: [prayerChanged.of({ by: wang, at: before, prayer: exam, forWhom: 'Me', request: 'Gone.' })],
    erased: ['forWhom', 'request'],
  },
  {
    time: people(),
    says: [prayerUpdated.of({ by: wang, at: before, prayer: exam, update: 'Gone, too.' })],
    erased: ['update'],
  },
  {
    time: people(),
    says: [
      prayerRested.of({ by: hanna, at: before, prayer: rain }),
      prayerReturned.of({ by: hanna, at: before, prayer: rain, lapsesAt: later }),
      v1(prayerRenewed.of({ by: boaz, at: before, prayer: rain })),
      v1(prayerRenewed.of({ by: 'someone', at: before, prayer: exam, lapsesAt: later })),
      prayerClosed.of({ by: lea, at: before, prayer: taken, outcome: 'died', words: sealed('she died') }),
      prayerReturned.of({ by: lea, at: before, prayer: taken }),
      prayerWithdrawn.of({ by: lea, at: before, prayer: 'p_0000000000000007' }),
      prayerAnswered.of({ by: wang, at: before, prayer: exam, testimony: 'I passed.' }),
      prayerAnswered.of({ by: wang, at: before, prayer: exam }),
      prayerClosed.of({ by: hanna, at: before, prayer: rain, outcome: 'otherwise' }),
      prayerRested.of({ by: 'schedule', prayer: offline }),
    ],
  },
  {
    time: people(),
    says: [
      prayerAnswered.of({ by: ruth, at: before, prayer: surgery, testimony: 'Gone.' }),
      prayerClosed.of({ by: boaz, at: before, prayer: hostile, outcome: 'unneeded', words: 'Gone.' }),
      encouragementSent.of({ by: wang, at: before, prayer: rain, phrase: 'Gone.' }),
      prayerFlagged.of({ by: wang, at: before, prayer: rain, reason: sealed('gone') }),
    ],
    erased: ['testimony', 'words', 'phrase', 'reason'],
  },
  {
    time: people(),
    says: [
      prayerFollowed.of({ by: wang, at: before, prayer: rain }),
      prayerFollowed.of({ by: lea, at: before, prayer: rain }),
      prayerUnfollowed.of({ by: lea, at: before, prayer: rain }),
      encouragementSent.of({
        by: lea,
        at: before,
        key: key('encouragement'),
        prayer: rain,
        phrase: 'You are not alone.',
      }),
      v1(allNoticesRead.of({ by: hanna, at: before, upTo: 200 })),
      v1(noticeRead.of({ by: hanna, at: before, notice: '210' })),
      noticesSwitched.of({ by: hanna, at: before, about: 'prayed', on: false }),
      noticesSwitched.of({ by: wang, at: before, about: 'news', on: false }),
      noticesSwitched.of({ by: wang, at: before, about: 'news', on: true }),
      focusPlaced.of({ by: boaz, at: before, prayer: rain, place: 1, until: later }),
      focusPlaced.of({ by: boaz, at: before, prayer: exam, place: 2, until: later }),
      focusEnded.of({ by: boaz, at: before, prayer: exam }),
      prayerPublished.of({
        by: hanna,
        at: before,
        prayer: rain,
        publication: 'u_0000000000000001',
        named: true,
      }),
      prayerPublished.of({
        by: 'someone',
        at: before,
        prayer: exam,
        publication: 'u_0000000000000002',
        named: false,
      }),
      publicationEnded.of({ by: hanna, at: before, publication: 'u_0000000000000001' }),
      callAsked.of({ by: wang, at: before }),
      callAsked.of({ by: lea, at: before }),
      callTaken.of({ by: boaz, at: before, member: wang }),
      prayerFlagged.of({ by: lea, at: before, key: key('flag'), prayer: rain, reason: sealed('flag') }),
      prayerMarked.of({ by: wang, at: before, prayer: exam }),
      prayerMarked.of({ by: lea, at: before, prayer: exam }),
      prayerUnmarked.of({ by: lea, prayer: exam, mark: asked + 45, last: asked + 44 }),
      prayerUnmarked.of({ by: wang, at: before, prayer: rain, mark: asked + 3 }),
      flagSettled.of({ by: boaz, at: before, flag: asked + 43 }),
      prayerMarked.of({ by: wang, at: before, prayer: rain }),
    ],
  },
  {
    time: people(),
    says: [
      ...topics.map((topic, place) =>
        prayerPosted.of({
          by: 'someone',
          at: before,
          prayer: `p_00000000000001${String(place).padStart(2, '0')}`,
          sees: place === 0 ? 'me' : 'team',
          topic,
          consent: place === 0 ? false : undefined,
          request: sealed(topic),
          author: sealed(`author ${topic}`),
        }),
      ),
      prayerPosted.of({
        by: wang,
        at: before,
        prayer: 'p_0000000000000200',
        sees: 'everyone',
        topic: 'thanks',
        day: '2026-12-24',
        lapsesAt: later,
        request: 'Thank you.',
      }),
      ...topics.map((topic, place) =>
        prayerChanged.of({
          by: 'someone',
          at: before,
          prayer: `p_00000000000001${String(place).padStart(2, '0')}`,
          topic: topics.at(place - 1),
          request: sealed(`changed ${topic}`),
        }),
      ),
      ...outcomes.map((outcome, place) =>
        prayerClosed.of({
          by: 'someone',
          at: before,
          prayer: `p_000000000000010${place}`,
          outcome,
        }),
      ),
      ...noticeKinds.map((about) => noticesSwitched.of({ by: lea, at: before, about, on: false })),
    ],
  },
  {
    time: people(),
    says: (hashOf) =>
      (
        [
          [asked + 8, 'forWhom'],
          [asked + 8, 'request'],
          [asked + 9, 'update'],
          [asked + 21, 'testimony'],
          [asked + 22, 'words'],
          [asked + 23, 'phrase'],
          [asked + 24, 'reason'],
        ] as const
      ).map(([record, field]) =>
        recordErased.of({ by: 'operator', record, hash: hashOf(record), field, why: 'wish' }),
      ),
  },
  {
    time: people(),
    says: [prayerRested.of({ by: wang, at: before, prayer: 'p_0000000000000200' })],
  },
  {
    time: people(),
    says: [
      prayerRenewed.of({ by: hanna, at: before, prayer: rain, lapsesAt: later }),
      prayerRenewed.of({ by: boaz, at: before, prayer: exam, lapsesAt: later, extended: true }),
      prayerRenewed.of({ by: 'someone', at: before, prayer: exam, extended: false }),
    ],
  },
  {
    time: people(),
    says: [
      allNoticesRead.of({ by: lea, at: before, upTo: 210 }),
      allNoticesRead.of({ by: wang, at: before, place: sealed('place') }),
      noticeRead.of({ by: wang, at: before, notice: key('read') }),
    ],
  },
]

/** The groups these samples print to, behind each other. */
export function goldenGroups(): Group[] {
  const groups: Group[] = []
  const hashes = new Map<number, string>()
  let place: Position = beginning
  let drawn = 0
  const salt = () => sha256(`salt ${drawn++}`).slice(0, 32)
  const hashOf = (sequence: number) => {
    const hash = hashes.get(sequence)
    if (hash === undefined) throw new Error(`sample ${sequence} is not there yet`)
    return hash
  }
  for (const { time, says, erased = [] } of samples) {
    const said = typeof says === 'function' ? says(hashOf) : says
    const wordings = said.map((one) => without(erased, 'blocks' in one ? one : wordingOf(one, salt)))
    const group = printGroup(wordings, place, time)
    for (const record of group.records) hashes.set(record.sequence, record.hash)
    place = { ...place, ...group.after }
    groups.push(group)
  }
  return groups
}

const without = (erased: readonly string[], wording: Wording): Wording => ({
  ...wording,
  blocks: wording.blocks.map((block) =>
    erased.includes(block.field) ? { field: block.field, erased: digestOf(block) } : block,
  ),
})
