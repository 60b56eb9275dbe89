import assert from 'node:assert/strict'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { currentCache } from '../../src/cache/generations.ts'
import type { Reading } from '../../src/cache/reading.ts'
import { type Actor, roles, visitor } from '../../src/kernel/actor.ts'
import type { Draft, Kind } from '../../src/kernel/event.ts'
import { days, later, type Moment, minutes } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { digest, type Stamp } from '../../src/kernel/stamp.ts'
import { seenById } from '../../src/queries/prayers.ts'
import { keptApartFrom } from '../../src/queries/separations.ts'
import { actorNow } from '../../src/queries/sessions.ts'
import {
  memberAdmitted,
  memberDeactivated,
  memberDeclined,
  memberJoined,
  memberReactivated,
  memberRenamed,
} from '../../src/records/members.ts'
import { audiences, prayerPosted } from '../../src/records/prayers.ts'
import { roleGranted, roleRevoked } from '../../src/records/roles.ts'
import { pairRejoined, pairSeparated } from '../../src/records/separations.ts'
import { sessionClosed, sessionOpened, sessionRekeyed, sessionRenewed } from '../../src/records/sessions.ts'
import { blank, stagedFrom } from '../ledger/photographs.ts'
import type { Stage } from '../ledger/stage.ts'
import { holdsAsync } from '../tools/laws.ts'

/*
 * What commands ask again and again is kept while nothing touches it (cache/untouched.ts). So whatever has happened, in the
 * same batch too, and whatever of it was undone again, everybody has to be who the rows say.
 */

const kinds = [
  ...['open', 'renew', 'rekey', 'close', 'close', 'join', 'admit', 'decline', 'deactivate', 'deactivate'],
  ...['reactivate', 'reactivate', 'rename', 'grant', 'grant', 'revoke', 'separate', 'rejoin', 'post'],
] as const

interface Deed {
  readonly does: (typeof kinds)[number]
  /** Which session, and so whose. */
  readonly session: number
  readonly other: number
  readonly role: (typeof roles)[number]
  /** After how many minutes a role ends; 0 is never. */
  readonly minutes: number
  readonly sees: (typeof audiences)[number]
}

interface Command {
  readonly deeds: readonly Deed[]
  /** `half` fails after some of its rows were written. */
  readonly ends: 'well' | 'refused' | 'half'
}

interface Batch {
  readonly commands: readonly Command[]
  /** The archive may have no room, and the cache may fail to commit what the archive has. */
  readonly ends: 'well' | 'no room' | 'no commit'
  readonly pause: number
}

const deed: fc.Arbitrary<Deed> = fc.record({
  does: fc.constantFrom(...kinds),
  session: fc.nat(4),
  other: fc.nat(2),
  role: fc.constantFrom(...roles),
  minutes: fc.nat(2),
  sees: fc.constantFrom(...audiences),
})
const command: fc.Arbitrary<Command> = fc.record({
  deeds: fc.array(deed, { maxLength: 3 }),
  ends: fc.oneof(
    { weight: 6, arbitrary: fc.constant('well' as const) },
    { weight: 1, arbitrary: fc.constantFrom('refused' as const, 'half' as const) },
  ),
})
const batch: fc.Arbitrary<Batch> = fc.record({
  commands: fc.array(command, { minLength: 1, maxLength: 6 }),
  ends: fc.oneof(
    { weight: 4, arbitrary: fc.constant('well' as const) },
    { weight: 1, arbitrary: fc.constantFrom('no room' as const, 'no commit' as const) },
  ),
  pause: fc.nat(2),
})

test('whatever happened a moment ago, or was undone again, everybody acts as who they are now', async (t) => {
  const { stage, leave } = stagedFrom(blank)
  t.after(leave)
  await stage.opens()
  await failsToCommitWhenAsked(stage)
  const seen = { looks: 0, known: 0, ended: 0, well: 0, refused: 0, half: 0, 'no room': 0, 'no commit': 0 }

  await holdsAsync(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (batches) => {
      const people = await somePeople(stage)
      for (const { commands, ends, pause } of batches) {
        stage.disk.setFull(ends === 'no room')
        const asked = commands.map((command) => {
          seen[command.ends]++
          return stage.ledger().record((cache, stamp) => {
            looksAround(cache, stamp, people, seen)
            if (command.ends === 'refused') throw new Refusal('invalid', 'Not so.')
            const drafts = command.deeds.map((deed) => draftOf(deed, people, stamp))
            return { drafts: command.ends === 'half' ? [...drafts, unknown] : drafts, result: undefined }
          })
        })
        if (ends === 'no commit') asked.push(stage.ledger().record(spoilsTheCommit))
        seen[ends]++
        for (const { reason } of (await Promise.allSettled(asked)).filter((one) => one.status === 'rejected'))
          if (!isExpected(reason)) throw reason
        stage.disk.setFull(false)
        await stage.ledger().settled()
        stage.clock.moment = later(stage.clock.moment, pause * minutes)
      }
    }),
    60,
  )
  t.diagnostic(JSON.stringify(seen))
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 3, `${what}: ${times}`)
})

/** Everybody is compared with what their rows say: twice, so that what was kept is looked at, too. */
function looksAround(cache: Reading, { time }: Stamp, people: People, seen: { [what: string]: number }) {
  for (const session of people.sessions) {
    const actor: Actor = { is: 'member', member: '', name: '', session, signedInAt: '', roles: [...roles] }
    const rows = actorByRows(cache, session, time)
    for (const _ of ['first', 'again']) assert.deepEqual(actorNow(cache, actor, time), rows.actor)
    seen.looks = (seen.looks ?? 0) + 1
    if (rows.actor.is === 'member') seen.known = (seen.known ?? 0) + 1
    if (rows.hasEnded) seen.ended = (seen.ended ?? 0) + 1
  }
  for (const member of people.members) {
    const others = cache.sqlite.prepare('select other from separations where member = ? order by other')
    for (const _ of ['first', 'again'])
      assert.deepEqual([...keptApartFrom(cache, member)].sort(), others.pluck().all(member))
  }
  for (const prayer of people.prayers) {
    const row = cache.sqlite.prepare('select id, sees, author, sealedAuthor, state from prayers where id = ?')
    for (const _ of ['first', 'again']) assert.deepEqual(seenById(cache, prayer), row.get(prayer))
  }
}

/** Who somebody is, from the rows and nothing else. */
function actorByRows({ sqlite }: Reading, session: string, now: Moment) {
  const row = sqlite
    .prepare('select * from sessions join members on members.id = sessions.member where sessions.id = ?')
    .get(session) as Record<'member' | 'name' | 'standing' | 'openedAt', string> | undefined
  const held = sqlite.prepare('select role, until from roles where member = ?').all(row?.member ?? '') as {
    role: (typeof roles)[number]
    until: string | null
  }[]
  const current = held.filter(({ until }) => until === null || until > now).map(({ role }) => role)
  const hasEnded = current.length < held.length
  if (!row || !['waiting', 'here'].includes(row.standing)) return { actor: visitor, hasEnded }
  const person = { member: row.member, name: row.name, session, signedInAt: row.openedAt }
  if (row.standing === 'waiting') return { actor: { is: 'waiting', ...person } as const, hasEnded }
  const actor: Actor = { is: 'member', ...person, roles: roles.filter((role) => current.includes(role)) }
  return { actor, hasEnded }
}

interface People {
  readonly members: readonly string[]
  readonly sessions: readonly string[]
  /** Nobody has asked for them yet. */
  readonly prayers: readonly string[]
}

/** Three members with five sessions, the last of which is not open yet. */
const somePeople = (stage: Stage): Promise<People> =>
  stage.ledger().record((_, stamp) => {
    const members = [1, 2, 3].map(() => stamp.id('member'))
    const sessions = [1, 2, 3, 4, 5].map(() => stamp.id('session'))
    const people = { members, sessions, prayers: [stamp.id('prayer'), stamp.id('prayer')] }
    const drafts = members.map((member, place) =>
      memberJoined.of({ by: member, member, waits: place === 2, name: `Ruth ${place}` }),
    )
    const opened = [0, 1, 2, 3].map((session) => draftOf({ ...anything, session }, people, stamp))
    return { drafts: [...drafts, ...opened], result: people }
  })

const anything: Deed = { does: 'open', session: 0, other: 0, role: 'admin', minutes: 0, sees: 'me' }

function draftOf(deed: Deed, { members, sessions, prayers }: People, stamp: Stamp): Draft {
  const by = 'operator'
  const member = members[deed.session % members.length] ?? assert.fail()
  const session = sessions[deed.session] ?? assert.fail()
  const pair = { one: member, other: members[deed.other] ?? assert.fail() }
  const token = digest(stamp.token())
  const until = later(stamp.time, days)
  switch (deed.does) {
    case 'open':
      return sessionOpened.of({ by: member, session, token, until })
    case 'renew':
      return sessionRenewed.of({ by: member, session, until })
    case 'rekey':
      return sessionRekeyed.of({ by: member, session, token, oldToken: token })
    case 'close':
      return sessionClosed.of({ by: member, session })
    case 'join':
      return memberJoined.of({ by: member, member, name: 'Ruth again' })
    case 'admit':
      return memberAdmitted.of({ by, member })
    case 'decline':
      return memberDeclined.of({ by, member })
    case 'deactivate':
      return memberDeactivated.of({ by, member })
    case 'reactivate':
      return memberReactivated.of({ by, member })
    case 'rename':
      return memberRenamed.of({ by, member, name: `Ruth ${stamp.token()}` })
    case 'grant': {
      const ends = deed.minutes === 0 ? {} : { until: later(stamp.time, deed.minutes * minutes) }
      return roleGranted.of({ by, member, role: deed.role, ...ends })
    }
    case 'revoke':
      return roleRevoked.of({ by, member, role: deed.role })
    case 'separate':
      return pairSeparated.of({ by, ...pair })
    case 'post': {
      const prayer = prayers[deed.other % prayers.length] ?? assert.fail()
      return prayerPosted.of({ by: member, prayer, sees: deed.sees, request: 'For rain.' })
    }
    case 'rejoin':
      return pairRejoined.of({ by, ...pair })
  }
}

/** Can be printed, and nobody can project it. */
const unknown: Draft = {
  kind: { name: 'nobody.knows', version: 1, critical: true } as Kind,
  values: [['by', 'operator']],
  words: [],
}

/** A dangling row lets everything be written, and then the commit fails. */
async function failsToCommitWhenAsked(stage: Stage) {
  const path = currentCache(stage.folder, stage.ledger().schemaHash)
  assert.ok(path)
  const other = new Database(path)
  other.exec('create table things (id integer primary key)')
  other.exec('create table dangling (thing references things (id) deferrable initially deferred)')
  other.close()
}

function spoilsTheCommit({ sqlite }: Reading) {
  sqlite.exec('insert into dangling values (1)')
  return { drafts: [], result: undefined }
}

const isExpected = (reason: unknown) =>
  (reason instanceof Refusal && ['invalid', 'read-only'].includes(reason.reason)) ||
  (reason instanceof Error && reason.name === 'UnknownKind')
