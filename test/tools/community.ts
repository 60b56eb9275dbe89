import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { catalogue } from '../../src/catalogue.ts'
import { type Command, perform } from '../../src/commands/command.ts'
import { issueInvite, openFirstLink } from '../../src/commands/invites.ts'
import { type Claimed, claimInvite } from '../../src/commands/members.ts'
import { type Actor, isMember, type Member, operator, visitor } from '../../src/kernel/actor.ts'
import { type Moment, millisecondsOf, momentOf } from '../../src/kernel/moment.ts'
import { Refusal, type RefusalReason } from '../../src/kernel/refusal.ts'
import { digest, world } from '../../src/kernel/stamp.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../../src/ledger/ledger.ts'
import { nameSealingKey } from '../../src/operations/keys.ts'
import type { Reader } from '../../src/queries/cards.ts'
import { sessionByToken } from '../../src/queries/sessions.ts'

/** A community in a folder of its own, with a clock that a test moves. */
export interface Community {
  readonly ledger: Ledger
  readonly options: LedgerOptions
  /** Has this done before the ledger closes. */
  atEnd(work: () => Promise<void>): void
  now(): Moment
  passes(milliseconds: number): void
  does<Who extends Actor, Input, Result>(
    actor: Actor,
    command: Command<Who, Input, Result>,
    raw: unknown,
  ): Promise<Result>
  /** The headers of the records written since the last time somebody asked, without their places and times. */
  written(): string[]
  /** All segments. */
  text(): string
  /** Comes by an invite of the operator's. */
  joins(name: string): Promise<Member>
  /** Comes by the first link. */
  joinsAsAdmin(name: string): Promise<Member>
  /** As this member reads now. */
  reading(reader: Member): Reader
  /** Makes the key that words for fewer than everyone are sealed with. */
  namesKey(): Promise<void>
  /** Whose cookie this is. */
  heldBy(cookie: string): Member | undefined
}

export async function community(test: TestContext): Promise<Community> {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  let clock = millisecondsOf('2026-11-22T07:00:00.000Z')
  const archive = join(folder, 'archives')
  const options: LedgerOptions = {
    disk: realDisk,
    source: { ...world, now: () => clock },
    archive,
    cache: join(folder, 'cache'),
    secrets: join(folder, 'secrets'),
    catalogue,
    isReadOnly: false,
  }
  const ledger = await openLedger(options)
  const ends: (() => Promise<void>)[] = []
  test.after(async () => {
    for (const end of ends) await end()
    await ledger.close()
    rmSync(folder, { recursive: true })
  })

  const text = () =>
    archiveFiles(realDisk, archive)
      .segments.map(({ name }) => readFileSync(join(archive, name), 'utf8'))
      .join('')
  const headers = () => text().match(/^@.*$/gm) ?? []
  let seen = headers().length

  const here: Community = {
    ledger,
    options,
    atEnd: (work) => void ends.push(work),
    now: () => momentOf(clock),
    passes: (milliseconds) => {
      clock += milliseconds
    },
    does: (actor, command, raw) => perform(ledger.record, command, actor, raw),
    written() {
      const fresh = headers().slice(seen)
      seen += fresh.length
      return fresh.map((header) => header.replace(/^@\S+ \S+ /, ''))
    },
    text,
    async joins(name) {
      const { token } = await here.does(operator, issueInvite, {})
      return comes(here, name, token)
    },
    async joinsAsAdmin(name) {
      const { token } = await here.does(operator, openFirstLink, {})
      assert.ok(token, 'there is no admin yet')
      return comes(here, name, token)
    },
    reading: (reader) => ({ cache: ledger.cache(), keyring: ledger.keyring, reader, now: here.now() }),
    async namesKey() {
      await nameSealingKey(ledger, options)
      here.written()
    },
    heldBy(cookie) {
      const actor = sessionByToken(ledger.cache(), digest(cookie), here.now())?.actor
      return actor && isMember(actor) ? actor : undefined
    },
  }
  return here
}

/** What a claim comes to for somebody who was not here before. */
export async function claims(
  here: Community,
  raw: object,
): Promise<Extract<Claimed, { alreadyHere: false }>> {
  const claimed = await here.does(visitor, claimInvite, raw)
  assert.equal(claimed.alreadyHere, false)
  return claimed
}

/** Waits for a refusal of this reason, and gives it. */
export async function refusal(reason: RefusalReason, attempt: Promise<unknown>): Promise<Refusal> {
  const outcome = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(outcome instanceof Refusal)) throw outcome ?? new assert.AssertionError({ message: 'not refused' })
  assert.equal(outcome.reason, reason, outcome.message)
  return outcome
}

async function comes(here: Community, name: string, token: string): Promise<Member> {
  const member = here.heldBy((await claims(here, { token, name })).cookie)
  assert.ok(member)
  return member
}
