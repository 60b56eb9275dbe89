import assert from 'node:assert/strict'
import test from 'node:test'
import { getTableName } from 'drizzle-orm'
import fc from 'fast-check'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { rowsOf } from '../../src/cache/schema.ts'
import { perform, type Recorder } from '../../src/commands/command.ts'
import { issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { markPrayer, unmarkPrayer } from '../../src/commands/marks.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { renewSession, signInByLink, signOut } from '../../src/commands/sessions.ts'
import { type Actor, operator, visitor } from '../../src/kernel/actor.ts'
import { millisecondsOf, momentOf } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { digest, type Source } from '../../src/kernel/stamp.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'
import { tables } from '../../src/records/kinds.ts'
import { failingDisk } from '../tools/failing-disk.ts'
import { holdsAsync } from '../tools/laws.ts'
import { type Image, randomFrom } from '../tools/memory-disk.ts'
import { equalsARebuild } from './examine.ts'
import { archive, cacheFolder, ledgerOptions } from './stage.ts'

/*
 * People do things in rounds: whoever is in one round does not know yet what comes of the others in it. So the same
 * rounds can be played one by one and all at once.
 */

type Deed =
  | { readonly does: 'claim'; readonly invite: number; readonly name: number; readonly browser: number }
  | { readonly does: 'invite'; readonly who: number; readonly seats: number; readonly admin: boolean }
  | { readonly does: 'revoke invite'; readonly invite: number }
  | { readonly does: 'open the first link' }
  | { readonly does: 'post'; readonly who: number; readonly words: string; readonly key: number }
  | {
      readonly does: 'mark'
      readonly who: number
      readonly prayer: number
      readonly key: number
      readonly ago: number
    }
  | { readonly does: 'unmark'; readonly who: number; readonly prayer: number }
  | { readonly does: 'grant' | 'revoke'; readonly name: number }
  | { readonly does: 'issue a login link'; readonly name: number }
  | { readonly does: 'sign in'; readonly who: number; readonly link: number }
  | { readonly does: 'sign out' | 'renew'; readonly who: number }

interface Round {
  readonly deeds: readonly Deed[]
  /** Minutes until the next one. */
  readonly pause: number
}

const few = fc.nat(5)
const words = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }),
  fc.constantFrom(
    '= 0',
    '@1 2026-11-22T07:00:00.000Z x.y/1',
    '| x\n\n~y z',
    ' lines \r\n of\ttext\n',
    'שלום 🙏🏽',
  ),
)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('claim'), invite: few, name: few, browser: few }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('invite'), who: few, seats: few, admin: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('revoke invite'), invite: few }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('open the first link') }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('post'), who: few, words, key: few }) },
  {
    weight: 9,
    arbitrary: fc.record({ does: fc.constant('mark'), who: few, prayer: few, key: few, ago: few }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('unmark'), who: few, prayer: few }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('grant', 'revoke'), name: few }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('issue a login link'), name: few }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('sign in'), who: few, link: few }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('sign out', 'renew'), who: few }) },
)
const round: fc.Arbitrary<Round> = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 12 }),
  pause: fc.constantFrom(0, 1, 2, 61, 1440, 12_000),
})
const rounds = fc.array(round, { minLength: 1, maxLength: 8 })

/** The first people are there before anything happens, else hardly anything would. */
const opening: Round[] = [
  { deeds: [{ does: 'open the first link' }, { does: 'invite', who: 5, seats: 4, admin: true }], pause: 1 },
  {
    deeds: [
      { does: 'claim', invite: 0, name: 0, browser: 0 },
      { does: 'claim', invite: 1, name: 1, browser: 1 },
      { does: 'claim', invite: 1, name: 2, browser: 2 },
    ],
    pause: 1,
  },
  { deeds: [{ does: 'post', who: 0, words: 'For rain.', key: 5 }], pause: 1 },
]

const names = ['Ruth', 'Daniel', 'María', 'Noor', 'Ruth', 'admin']

/** What people hold in their hands. */
interface Hands {
  readonly invites: { readonly invite: string; readonly token: string }[]
  readonly cookies: string[]
  readonly prayers: string[]
  readonly links: string[]
}

let begun: Image
test.before(async () => {
  const disk = failingDisk({ random: randomFrom(1) })
  const folder = cacheFolder()
  await (await openLedger(ledgerOptions(disk, still('2026-11-29T07:00:00.000Z'), folder.path))).close()
  folder.remove()
  begun = disk.memory.image()
})

test('after any sequence of commands a cache made from the text alone is the same, row by row', async (t) => {
  const outcomes = new Map<string, number>()
  await holdsAsync(
    fc.asyncProperty(rounds, fc.constantFrom(1, 2, 5, 256), async (rounds, batchSize) => {
      await withLedger(batchSize, async (play) => {
        for (const outcome of (await play.all([...opening, ...rounds], 'at once')).flat())
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        await play.sameWithoutCache()
      })
    }),
    60,
  )
  t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)))
  assert.ok((outcomes.get('done') ?? 0) > 600)
})

test('commands that share syncs leave the same bytes as commands that come one by one', async () => {
  await holdsAsync(
    fc.asyncProperty(rounds, fc.integer({ min: 2, max: 40 }), async (rounds, batchSize) => {
      const all = [...opening, ...rounds]
      const alone = await withLedger(1, async (play) => [await play.all(all, 'one by one'), play.text()])
      const together = await withLedger(batchSize, async (play) => [
        await play.all(all, 'at once'),
        play.text(),
      ])
      assert.deepEqual(together, alone)
    }),
    60,
  )
})

/** A clock that stands still unless it is set, so that nobody's turn changes the time. */
function still(moment: string): Source & { passes(minutes: number): void } {
  const random = randomFrom(7)
  let milliseconds = millisecondsOf(moment)
  return {
    now: () => milliseconds,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
    passes: (minutes) => {
      milliseconds += minutes * 60_000
    },
  }
}

interface Play {
  /** What came of each deed of each round. */
  all(rounds: readonly Round[], how: 'one by one' | 'at once'): Promise<string[][]>
  text(): string
  sameWithoutCache(): Promise<void>
}

async function withLedger<Result>(batchSize: number, work: (play: Play) => Promise<Result>): Promise<Result> {
  const disk = failingDisk({ image: begun, random: randomFrom(1) })
  const folder = cacheFolder()
  const source = still('2026-11-29T08:00:00.000Z')
  const hands: Hands = { invites: [], cookies: [], prayers: [], links: [] }
  let ledger = await openLedger({ ...ledgerOptions(disk, source, folder.path), batchSize })
  const rows = () => tables.map((table) => [getTableName(table), [...rowsOf(ledger.cache(), table)]])
  try {
    return await work({
      async all(rounds, how) {
        const outcomes: string[][] = []
        for (const { deeds, pause } of rounds) {
          outcomes.push(await play(ledger, source, { deeds, hands, how }))
          source.passes(pause)
        }
        await ledger.settled()
        return outcomes
      },
      text: () =>
        archiveFiles(disk.onlooker, archive)
          .segments.map(({ name }) => readWhole(disk.onlooker, `${archive}/${name}`).toString())
          .join(''),
      async sameWithoutCache() {
        await equalsARebuild(disk, ledger)
        const before = rows()
        await ledger.close()
        folder.remove()
        ledger = await openLedger(ledgerOptions(disk, source, folder.path))
        assert.deepEqual(rows(), before)
      },
    })
  } finally {
    await ledger.close()
    folder.remove()
  }
}

interface Turn {
  readonly deeds: readonly Deed[]
  readonly hands: Hands
  readonly how: 'one by one' | 'at once'
}

async function play(ledger: Ledger, source: Source, { deeds, hands, how }: Turn): Promise<string[]> {
  const attempts = deeds.map((deed) => attemptAt(deed, ledger, source, hands))
  const outcomes: Outcome[] = []
  if (how === 'at once') outcomes.push(...(await Promise.all(attempts.map((attempt) => outcomeOf(attempt)))))
  else for (const attempt of attempts) outcomes.push(await outcomeOf(attempt))
  return outcomes.map((outcome) => {
    if (typeof outcome === 'string') return outcome
    outcome(hands)
    return 'done'
  })
}

/** What they take into their hands by it, or why not. */
type Outcome = string | ((hands: Hands) => void)

async function outcomeOf(attempt: () => Promise<(hands: Hands) => void>): Promise<Outcome> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

const nothing = () => {}

/** Finds out now whom and what it is about, as it is before the round. */
function attemptAt(
  deed: Deed,
  ledger: Ledger,
  source: Source,
  held: Hands,
): () => Promise<(hands: Hands) => void> {
  const record: Recorder = ledger.record
  const now = momentOf(source.now())
  const pick = <One>(from: readonly One[], at: number): One | undefined => from[at % Math.max(1, from.length)]
  const someone = (at: number): Actor => {
    const cookie = pick(held.cookies, at)
    return (cookie && sessionByToken(ledger.cache(), digest(cookie), now)?.actor) || visitor
  }
  const done = <Result>(asked: Promise<Result>, take: (result: Result, hands: Hands) => void = nothing) =>
    asked.then((result) => (hands: Hands) => take(result, hands))

  switch (deed.does) {
    case 'claim': {
      const browser = `This is browser number ${deed.browser}.`
      const raw = { token: pick(held.invites, deed.invite)?.token ?? '', name: names[deed.name], browser }
      return () =>
        done(perform(record, claimInvite, visitor, raw), (claimed, { cookies }) => {
          if (!claimed.alreadyHere) cookies.push(claimed.cookie)
        })
    }
    case 'invite': {
      const who = deed.who === 5 ? operator : someone(deed.who)
      const raw = { seats: deed.seats, admin: deed.admin }
      return () =>
        done(perform(record, issueInvite, who, raw), (link, { invites }) => void invites.push(link))
    }
    case 'revoke invite': {
      const raw = { invite: pick(held.invites, deed.invite)?.invite ?? '' }
      return () => done(perform(record, revokeInvite, operator, raw))
    }
    case 'open the first link':
      return () =>
        done(perform(record, openFirstLink, operator, {}), (link, { invites }) => {
          if (link.token !== null) invites.push(link)
        })
    case 'post': {
      const who = someone(deed.who)
      const raw = { request: deed.words, key: deed.key < 4 ? `post ${deed.key}` : undefined }
      return () =>
        done(perform(record, postPrayer, who, raw), ({ prayer }, { prayers }) => void prayers.push(prayer))
    }
    case 'mark': {
      const who = someone(deed.who)
      const prayedAt = deed.ago > 2 ? momentOf(source.now() - deed.ago * 3_600_000) : undefined
      const key = deed.key < 4 ? `mark ${deed.key} ${deed.prayer}` : undefined
      const raw = { prayer: pick(held.prayers, deed.prayer) ?? '', key, prayedAt }
      return () => done(perform(record, markPrayer, who, raw))
    }
    case 'unmark': {
      const who = someone(deed.who)
      const raw = { prayer: pick(held.prayers, deed.prayer) ?? '' }
      return () => done(perform(record, unmarkPrayer, who, raw))
    }
    case 'grant':
    case 'revoke': {
      const raw = { name: names[deed.name] ?? '', role: 'admin' }
      const command = deed.does === 'grant' ? grantRole : revokeRole
      return () => done(perform(record, command, operator, raw))
    }
    case 'issue a login link': {
      const raw = { name: names[deed.name] ?? '' }
      return () =>
        done(perform(record, issueLoginLink, operator, raw), ({ token }, { links }) => void links.push(token))
    }
    case 'sign in': {
      const who = someone(deed.who)
      const raw = { token: pick(held.links, deed.link) ?? '' }
      return () =>
        done(perform(record, signInByLink, who, raw), ({ cookie }, { cookies }) => void cookies.push(cookie))
    }
    case 'sign out': {
      const who = someone(deed.who)
      return () => done(perform(record, signOut, who, {}))
    }
    case 'renew': {
      const who = someone(deed.who)
      return () => done(perform(record, renewSession, who, {}))
    }
  }
}
