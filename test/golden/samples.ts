import { createHash } from 'node:crypto'
import { digestOf, type Group, printGroup } from '../../src/archive/print.ts'
import { beginning, type Position } from '../../src/archive/read.ts'
import { type Draft, wordingOf } from '../../src/kernel/event.ts'
import type { Wording } from '../../src/kernel/wording.ts'
import { archiveOpened } from '../../src/records/archive.ts'
import { recordErased } from '../../src/records/erasures.ts'
import { inviteClaimed, inviteIssued, inviteRevoked } from '../../src/records/invites.ts'
import { loginLinkIssued, loginLinkRevoked, loginLinkUsed } from '../../src/records/login-links.ts'
import { prayerMarked, prayerUnmarked } from '../../src/records/marks.ts'
import { memberJoined } from '../../src/records/members.ts'
import { prayerPosted } from '../../src/records/prayers.ts'
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
import { sessionClosed, sessionOpened, sessionRenewed } from '../../src/records/sessions.ts'

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
const first = 'i_0000000000000000'
const forAll = 'i_0000000000000001'
const unused = 'i_0000000000000002'
const surgery = 'p_5d8h2m6r0v4y7b1k'
const hostile = 'p_0000000000000001'
const offline = 'p_0000000000000002'
const removed = 'p_0000000000000003'

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
      inviteIssued.of({
        by: 'operator',
        invite: first,
        token: token('first'),
        seats: 1,
        until: day(23),
        role: 'admin',
        first: true,
      }),
    ],
  },
  {
    time: day(22, '07:02:11.027'),
    says: [
      memberJoined.of({ by: 'operator', member: ruth, invite: first, name: 'Ruth' }),
      roleGranted.of({ by: 'operator', member: ruth, role: 'admin' }),
      inviteClaimed.of({ by: ruth, invite: first, member: ruth, browser: token('browser of Ruth') }),
      sessionOpened.of({ by: ruth, session: 's_0b6n2y8r4j1g5p9e', token: token('Ruth'), until: later }),
    ],
  },
  {
    time: day(22, '07:03:00.000'),
    says: [
      inviteIssued.of({ by: ruth, invite: forAll, token: token('all'), seats: 20, until: day(29) }),
      inviteIssued.of({
        by: ruth,
        invite: unused,
        token: token('unused'),
        seats: 1,
        until: day(29),
        first: false,
      }),
    ],
  },
  // Names of several scripts: what two of them are compared by is part of what projectors make.
  {
    time: day(22, '07:04:00.000'),
    says: [
      memberJoined.of({
        by: ruth,
        member: boaz,
        invite: forAll,
        invitedBy: ruth,
        name: "Boaz O'Brien-Kelly",
      }),
      inviteClaimed.of({ by: boaz, invite: forAll, member: boaz, browser: token('browser of Boaz') }),
      sessionOpened.of({ by: boaz, session: 's_0000000000000001', token: token('Boaz'), until: later }),
    ],
  },
  {
    time: day(22, '07:05:00.000'),
    says: [
      memberJoined.of({ by: ruth, member: maria, invite: forAll, invitedBy: ruth, name: 'Мария' }),
      inviteClaimed.of({ by: maria, invite: forAll, member: maria, browser: token('browser of Maria') }),
    ],
  },
  // As an import brings them: by nobody's invite, and when it happened elsewhere.
  {
    time: day(22, '07:06:00.000'),
    says: [
      memberJoined.of({
        by: 'schedule',
        at: '2019-03-01T00:00:00.000Z',
        source: 'python',
        member: wang,
        name: '王小明',
      }),
    ],
  },
  {
    time: day(22, '07:06:30.000'),
    says: [memberJoined.of({ by: 'visitor', member: gone, name: 'Somebody Else' })],
    erased: ['name'],
  },
  {
    time: day(22, '07:07:00.000'),
    says: [
      prayerPosted.of({
        by: ruth,
        key: key('surgery'),
        prayer: surgery,
        sees: 'everyone',
        forWhom: 'Mary Johnson',
        request: "Please pray for my mother's surgery on Tuesday.\n\nShe is frightened.",
      }),
    ],
  },
  {
    time: day(22, '07:08:00.000'),
    says: [
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
    ],
  },
  {
    time: day(22, '07:09:00.000'),
    says: [
      prayerPosted.of({
        by: wang,
        at: day(20),
        source: 'python',
        prayer: offline,
        sees: 'everyone',
        forWhom: '',
        request: '请为我的母亲祷告。',
      }),
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
  { time: day(22, '07:14:00.000'), says: [prayerUnmarked.of({ by: boaz, prayer: surgery, mark: 21 })] },
  { time: day(22, '07:15:00.000'), says: [prayerUnmarked.of({ by: maria, prayer: hostile, mark: 22 })] },
  {
    time: day(22, '07:15:30.000'),
    says: [prayerUnmarked.of({ by: maria, at: day(22), key: key('again'), prayer: hostile, mark: 22 })],
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
      sessionOpened.of({ by: maria, session: 's_0000000000000002', token: token('Maria'), until: later }),
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
  { time: day(29, '07:03:00.000'), says: [roleGranted.of({ by: 'operator', member: boaz, role: 'admin' })] },
  { time: day(29, '07:04:00.000'), says: [roleRevoked.of({ by: 'operator', member: boaz, role: 'admin' })] },
  { time: day(29, '07:05:00.000'), says: [roleRevoked.of({ by: 'operator', member: maria, role: 'admin' })] },
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
      prayerPosted.of({
        by: gone,
        prayer: removed,
        sees: 'everyone',
        forWhom: 'Somebody',
        request: 'Words that nobody reads any more.',
      }),
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
      prayerPosted.of({
        by: boaz,
        prayer: 'p_0000000000000004',
        sees: 'everyone',
        forWhom: 'A neighbour',
        request: 'Only for whom is gone.',
      }),
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
      inviteIssued.of({
        by: 'operator',
        at: before,
        invite: 'i_0000000000000003',
        token: token('third'),
        seats: 2,
        until: later,
        role: 'admin',
      }),
      inviteClaimed.of({
        by: 'schedule',
        at: before,
        invite: 'i_0000000000000003',
        member: wang,
        browser: token('browser of Wang'),
      }),
      inviteRevoked.of({ by: 'operator', at: before, invite: 'i_0000000000000003' }),
      roleGranted.of({ by: 'operator', at: before, member: maria, role: 'admin' }),
      loginLinkIssued.of({
        by: 'operator',
        at: before,
        link: 'l_0000000000000003',
        member: wang,
        token: token('link 3'),
        until: later,
      }),
      loginLinkUsed.of({ by: wang, at: before, link: 'l_0000000000000003' }),
      sessionOpened.of({
        by: wang,
        at: before,
        session: 's_0000000000000003',
        token: token('Wang'),
        until: later,
      }),
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
