import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beginning } from '../../src/archive/position.ts'
import { type Group, printGroup } from '../../src/archive/print.ts'
import { roles } from '../../src/kernel/actor.ts'
import { type Draft, type Kind, wordingOf } from '../../src/kernel/event.ts'
import { alphabet, type Noun, prefixes } from '../../src/kernel/ids.ts'
import { days, later, momentOf } from '../../src/kernel/moment.ts'
import { addressAdded, addressRemoved } from '../../src/records/addresses.ts'
import { exportMade, sessionsClosed } from '../../src/records/administration.ts'
import { applicationApproved, applicationDeclined, applicationSent } from '../../src/records/applications.ts'
import { archiveOpened } from '../../src/records/archive.ts'
import { authorShown } from '../../src/records/author-lookups.ts'
import { callAsked, callTaken } from '../../src/records/calls.ts'
import { encouragementSent } from '../../src/records/encouragements.ts'
import { erasureReasons, recordErased } from '../../src/records/erasures.ts'
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
import { audiences, outcomes, prayerPosted, topics } from '../../src/records/prayers.ts'
import { prayerPublished, publicationEnded } from '../../src/records/publications.ts'
import {
  archiveRestored,
  archiveVerified,
  backupMade,
  cacheRebuilt,
  rebuildReasons,
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
import { prose } from './hostile.ts'

const letters = (from: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...from), minLength: length, maxLength: length })
const hex = (bytes: number) => letters('0123456789abcdef', bytes * 2)
const id = (noun: Noun) => letters(alphabet, 16).map((text) => `${prefixes[noun]}_${text}`)
const moment = fc
  .integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') })
  .map(momentOf)
const day = moment.map((text) => text.slice(0, 10))
const integer = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }))
const word = fc.stringMatching(/^[a-z][A-Za-z0-9.-]{0,31}$/)
const base64url = fc.stringMatching(/^[A-Za-z0-9_-]{1,300}$/)
const sealed = fc.stringMatching(/^sealed [1-9] [A-Za-z0-9_-]{38,120}$/)
const fileName = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}(\/[A-Za-z0-9._-]{1,40}){0,3}$/)
const sometimes = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

type Given<K extends { of(given: never): Draft }> = Parameters<K['of']>[0]

/** Every field of the kind, the optional ones too: the compiler asks for what is missing. */
type Fields<K extends { of(given: never): Draft }> = {
  [Field in Exclude<keyof Given<K>, 'by' | 'at' | 'key' | 'source'>]-?: fc.Arbitrary<Given<K>[Field]>
}

export interface Sampled {
  readonly kind: Kind
  /** What `of` is given, without what is left out. */
  readonly given: fc.Arbitrary<Record<string, unknown>>
  of(given: Record<string, unknown>): Draft
}

function sampled<K extends Kind & { of(given: never): Draft }>(kind: K, fields: Fields<K>): Sampled {
  return {
    kind,
    given: fc.record({ ...reserved, ...fields }).map(withoutAbsent),
    // The arbitraries were typed by what this kind's `of` takes.
    of: (given) => kind.of(given as never),
  }
}

const by = fc.oneof(id('member'), fc.constantFrom('operator', 'visitor', 'schedule'))
const reserved = { by, at: sometimes(moment), key: sometimes(hex(16)), source: sometimes(word) }

/** So that what is absent and what is undefined compare as the same. */
export const withoutAbsent = (given: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

/** Events of every kind there is. */
export const everyKind: readonly Sampled[] = [
  {
    kind: archiveOpened,
    given: fc.record({ archive: id('archive'), format: fc.constant(1), key: hex(32) }),
    of: ({ archive, key }) =>
      archiveOpened.of({ by: 'operator', archive: String(archive), format: 1, key: String(key) }),
  },
  sampled(keyAdded, { publicKey: hex(32), why: fc.constantFrom('lost', 'rotated', 'moved') }),
  sampled(memberJoined, {
    member: id('member'),
    invite: sometimes(id('invite')),
    invitedBy: sometimes(id('member')),
    waits: sometimes(fc.boolean()),
    name: prose,
  }),
  sampled(sessionOpened, {
    session: id('session'),
    token: hex(32),
    until: moment,
    how: sometimes(fc.constantFrom(...waysIn)),
    shared: sometimes(fc.boolean()),
    proved: sometimes(moment),
    device: sometimes(prose),
  }),
  sampled(sessionRekeyed, { session: id('session'), token: hex(32), oldToken: hex(32) }),
  sampled(sessionRenewed, { session: id('session'), until: moment }),
  sampled(sessionClosed, { session: id('session') }),
  sampled(sessionsClosed, { member: sometimes(id('member')) }),
  sampled(exportMade, { what: word }),
  sampled(inviteIssued, {
    invite: id('invite'),
    token: hex(32),
    seats: integer,
    until: moment,
    role: sometimes(fc.constantFrom(...roles)),
    first: sometimes(fc.boolean()),
    asksAdmin: sometimes(fc.boolean()),
    application: sometimes(id('application')),
    note: sometimes(sealed),
  }),
  sampled(inviteClaimed, { invite: id('invite'), member: id('member'), browser: hex(32) }),
  sampled(inviteRevoked, { invite: id('invite') }),
  sampled(roleGranted, {
    member: id('member'),
    role: fc.constantFrom(...roles),
    until: sometimes(moment),
  }),
  sampled(roleRevoked, { member: id('member'), role: fc.constantFrom(...roles) }),
  sampled(loginLinkIssued, { link: id('loginLink'), member: id('member'), token: hex(32), until: moment }),
  sampled(loginLinkUsed, { link: id('loginLink') }),
  sampled(loginLinkRevoked, { link: id('loginLink') }),
  sampled(prayerPosted, {
    prayer: id('prayer'),
    sees: fc.constantFrom(...audiences),
    topic: sometimes(fc.constantFrom(...topics)),
    day: sometimes(day),
    lapsesAt: sometimes(moment),
    consent: sometimes(fc.boolean()),
    forWhom: sometimes(prose),
    request: prose,
    author: sometimes(sealed),
  }),
  sampled(prayerMarked, { prayer: id('prayer') }),
  sampled(prayerUnmarked, { prayer: id('prayer'), mark: integer, last: sometimes(integer) }),
  sampled(recordErased, {
    record: integer,
    hash: hex(32),
    field: word,
    why: fc.constantFrom(...erasureReasons),
  }),
  sampled(archiveVerified, {
    records: integer,
    problems: integer,
    deep: sometimes(fc.boolean()),
    milliseconds: integer,
  }),
  sampled(cacheRebuilt, {
    why: fc.constantFrom(...rebuildReasons),
    schema: hex(8),
    records: integer,
    milliseconds: integer,
  }),
  sampled(backupMade, { records: integer, head: hex(32), bytes: integer, milliseconds: integer }),
  sampled(archiveRestored, { records: integer, head: hex(32), milliseconds: integer }),
  sampled(upgradeFinished, { schema: hex(8), records: integer, milliseconds: integer }),
  sampled(tailQuarantined, { file: fileName, behind: integer, bytes: integer }),
  sampled(segmentRestored, { file: fileName, sha256: hex(32) }),
  sampled(recordAccepted, { record: integer, hash: hex(32) }),
  sampled(sheetConfirmed, { keys: hex(32) }),
  sampled(sealingKeyMade, { number: integer, digest: hex(32) }),
  sampled(memberRenamed, { member: id('member'), name: prose }),
  ...[memberAdmitted, memberDeclined, memberDeactivated, memberReactivated].map((kind) =>
    sampled(kind, { member: id('member') }),
  ),
  ...[invitingPaused, invitingResumed].map((kind) => sampled(kind, { member: id('member') })),
  sampled(profileChanged, { about: sometimes(prose) }),
  sampled(visibilityChanged, { praysUnseen: fc.boolean() }),
  sampled(welcomeDismissed, {}),
  sampled(passkeyAdded, {
    passkey: id('passkey'),
    credential: base64url,
    publicKey: base64url,
    counter: integer,
    name: prose,
  }),
  sampled(passkeyUsed, { passkey: id('passkey'), counter: integer }),
  sampled(passkeyRemoved, { passkey: id('passkey'), member: id('member') }),
  sampled(paperKeyMade, { hash: hex(32) }),
  sampled(addressAdded, { member: id('member'), lookUp: hex(32), address: sealed }),
  sampled(addressRemoved, { member: id('member') }),
  sampled(signInAsked, {
    signIn: id('signIn'),
    member: id('member'),
    browser: hex(32),
    until: moment,
    device: sometimes(prose),
  }),
  sampled(signInApproved, {
    signIn: id('signIn'),
    member: id('member'),
    enough: fc.boolean(),
    proved: sometimes(moment),
  }),
  sampled(signInRefused, { signIn: id('signIn'), member: id('member') }),
  sampled(signInUsed, { signIn: id('signIn') }),
  sampled(applicationSent, {
    application: id('application'),
    token: hex(32),
    name: sealed,
    why: sealed,
    contact: sealed,
  }),
  sampled(applicationApproved, { application: id('application'), invite: id('invite') }),
  sampled(applicationDeclined, { application: id('application'), reason: sometimes(sealed) }),
  sampled(labelGiven, { label: id('label'), member: id('member'), words: prose, symbol: sometimes(prose) }),
  sampled(labelTaken, { label: id('label'), member: id('member') }),
  ...[pairSeparated, pairRejoined].map((kind) => sampled(kind, { one: id('member'), other: id('member') })),
  sampled(settingChanged, { setting: word, value: sometimes(prose) }),
  sampled(rulesAccepted, { rules: integer, privacy: integer }),
  sampled(authorShown, { prayer: id('prayer'), reason: sealed }),
  sampled(strangersRefused, { what: word, times: integer }),
  sampled(prayerChanged, {
    prayer: id('prayer'),
    topic: sometimes(fc.constantFrom(...topics)),
    day: sometimes(day),
    forWhom: sometimes(prose),
    request: prose,
  }),
  sampled(prayerUpdated, { prayer: id('prayer'), update: prose }),
  ...[prayerRested, prayerWithdrawn, prayerFollowed, prayerUnfollowed, focusEnded].map((kind) =>
    sampled(kind, { prayer: id('prayer') }),
  ),
  sampled(prayerReturned, { prayer: id('prayer'), lapsesAt: sometimes(moment) }),
  sampled(prayerRenewed, {
    prayer: id('prayer'),
    lapsesAt: sometimes(moment),
    extended: sometimes(fc.boolean()),
  }),
  sampled(prayerAnswered, { prayer: id('prayer'), testimony: sometimes(prose) }),
  sampled(prayerClosed, {
    prayer: id('prayer'),
    outcome: fc.constantFrom(...outcomes),
    words: sometimes(prose),
  }),
  sampled(encouragementSent, { prayer: id('prayer'), phrase: prose }),
  sampled(allNoticesRead, { upTo: sometimes(integer), place: sometimes(sealed) }),
  sampled(noticeRead, { notice: hex(16) }),
  sampled(noticesSwitched, { about: fc.constantFrom(...noticeKinds), on: fc.boolean() }),
  sampled(focusPlaced, { prayer: id('prayer'), place: integer, until: moment }),
  sampled(prayerPublished, { prayer: id('prayer'), publication: id('publication'), named: fc.boolean() }),
  sampled(publicationEnded, { publication: id('publication') }),
  sampled(callAsked, {}),
  sampled(callTaken, { member: id('member') }),
  sampled(prayerFlagged, { prayer: id('prayer'), reason: sealed }),
  sampled(flagSettled, { flag: integer }),
]

/** A draft of any kind. */
export const anyDraft = fc.oneof(...everyKind.map(({ given, of }) => given.map((one) => of(one))))

/** Salts that are all different and always the same. */
export function salts() {
  let drawn = 0
  return () => createHash('sha256').update(`salt ${drawn++}`).digest('hex').slice(0, 32)
}

/** The groups of an archive, behind each other over several months. */
export const anyArchive = fc
  .array(
    fc.record({
      drafts: fc.array(anyDraft, { minLength: 1, maxLength: 5 }),
      pause: fc.constantFrom(0, 0, 1, 60_000, 20 * days),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map(printed)

function printed(acts: readonly { drafts: readonly Draft[]; pause: number }[]): Group[] {
  const salt = salts()
  let place = { ...beginning, time: '2026-11-22T07:00:00.000Z' }
  return acts.map(({ drafts, pause }) => {
    const wordings = drafts.map((draft) => wordingOf(draft, salt))
    const group = printGroup(wordings, place, later(place.time, pause))
    place = { ...place, ...group.after }
    return group
  })
}
