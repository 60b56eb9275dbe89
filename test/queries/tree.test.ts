import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inviteSomebody } from '../../src/commands/invites.ts'
import type { Member } from '../../src/kernel/actor.ts'
import type { Draft } from '../../src/kernel/event.ts'
import { alphabet } from '../../src/kernel/ids.ts'
import { treePage } from '../../src/queries/tree.ts'
import { memberDeactivated, memberJoined } from '../../src/records/members.ts'
import { pairSeparated } from '../../src/records/separations.ts'
import { type Community, claims, community } from '../tools/community.ts'

/** Comes through somebody. */
async function comes(here: Community, inviter: Member, name: string): Promise<Member> {
  const { token } = await here.does(inviter, inviteSomebody, {})
  const member = here.heldBy((await claims(here, { token, name })).cookie)
  assert.ok(member)
  return member
}

const happens = (here: Community, ...drafts: Draft[]) =>
  here.ledger.record(() => ({ drafts, result: undefined }))
const seenBy = (here: Community, reader: Member, at?: string, after?: number) =>
  treePage(here.ledger.cache(), reader, { at, after })

/** A branch as a line: who is in it, and in brackets the first of those below. */
const asLine = (tree: ReturnType<typeof seenBy>) =>
  tree?.branches
    .map(({ name, through, first, isMore }) => {
      const below = first.map(({ name }) => name).join(' ')
      return `${name}${through > 0 ? ` ${through}` : ''}${below && ` (${below}${isMore ? ' …' : ''})`}`
    })
    .join(', ')

async function family(t: Parameters<typeof community>[0]) {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  const boaz = await here.joins('Boaz')
  const tom = await comes(here, ruth, 'Tom')
  const ann = await comes(here, ruth, 'Ann')
  const eve = await comes(here, tom, 'Eve')
  const dan = await comes(here, eve, 'Dan')
  return { here, ruth, boaz, tom, ann, eve, dan }
}

test('a branch shows who came through whom, and how many in all', async (t) => {
  const { here, ruth, boaz, tom, eve } = await family(t)
  assert.equal(asLine(seenBy(here, boaz)), 'Ruth 4 (Tom Ann), Boaz')
  assert.equal(asLine(seenBy(here, boaz, ruth.member)), 'Tom 2 (Eve), Ann')
  assert.equal(asLine(seenBy(here, boaz, tom.member)), 'Eve 1 (Dan)')
  const page = seenBy(here, boaz, eve.member)
  assert.deepEqual([page?.at?.name, page?.at?.through, asLine(page)], ['Eve', 1, 'Dan'])
  assert.deepEqual(
    page?.way.begins.map(({ name }) => name),
    ['Ruth', 'Tom'],
  )
})

test("one's own way is marked, and nobody else's", async (t) => {
  const { here, ruth, boaz, eve } = await family(t)
  const leads = (reader: Member, at?: string) =>
    seenBy(here, reader, at)?.branches.map(({ leadsToMe, isMe }) => [leadsToMe, isMe])
  assert.deepEqual(leads(eve), [
    [true, false],
    [false, false],
  ])
  assert.deepEqual(leads(eve, ruth.member), [
    [true, false],
    [false, false],
  ])
  assert.deepEqual(leads(boaz), [
    [false, false],
    [true, true],
  ])
})

test('whoever left or is kept apart leaves no trace: their branch hangs where they would', async (t) => {
  const { here, ruth, boaz, tom, eve, ann } = await family(t)
  await happens(here, pairSeparated.of({ by: boaz.member, one: boaz.member, other: tom.member }))
  assert.equal(asLine(seenBy(here, boaz)), 'Ruth 3 (Ann Eve), Boaz')
  assert.equal(asLine(seenBy(here, boaz, ruth.member)), 'Ann, Eve 1 (Dan)')
  assert.equal(seenBy(here, boaz, tom.member), undefined)
  assert.equal(seenBy(here, boaz, 'm_0000000000000000'), undefined, 'as of nobody')
  assert.deepEqual(
    seenBy(here, boaz, eve.member)?.way.begins.map(({ name }) => name),
    ['Ruth'],
  )
  assert.equal(asLine(seenBy(here, ann, ruth.member)), 'Tom 2 (Eve), Ann', 'to everybody else they are there')

  await happens(here, memberDeactivated.of({ by: 'operator', member: ruth.member }))
  assert.equal(asLine(seenBy(here, ann)), 'Boaz, Tom 2 (Eve), Ann')
  assert.equal(asLine(seenBy(here, boaz)), 'Boaz, Ann, Eve 1 (Dan)')
})

test('a long branch has pages, and everybody is on one of them', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  await happens(here, ...Array.from({ length: 120 }, (_, count) => joins(count, ruth.member)))
  const names: string[] = []
  let after: number | undefined
  for (let pages = 1; pages <= 3; pages++) {
    const page = seenBy(here, ruth, ruth.member, after)
    assert.ok(page)
    names.push(...page.branches.map(({ name }) => name))
    assert.equal(page.isBeginning, pages === 1)
    assert.equal(page.next === null, pages === 3)
    after = Number(/after=(\d+)$/.exec(page.next ?? '')?.[1])
  }
  assert.deepEqual(
    names,
    Array.from({ length: 120 }, (_, count) => nameOf(count)),
  )
})

test('ten thousand people, two hundred deep, are read at once', async (t) => {
  const here = await community(t)
  const ruth = await here.joinsAsAdmin('Ruth')
  // A chain of two hundred, and all others spread over it.
  const drafts = Array.from({ length: 10_000 }, (_, count) => {
    if (count === 0) return joins(0, ruth.member)
    return joins(count, idOf(count < 200 ? count - 1 : count % 200))
  })
  while (drafts.length > 0) await happens(here, ...drafts.splice(0, 1000))
  const top = seenBy(here, ruth)
  assert.equal(top?.branches[0]?.through, 10_000)
  const deep = seenBy(here, ruth, idOf(199))
  assert.equal(deep?.at?.through, 49)
  assert.deepEqual(
    [deep?.way.begins.length, deep?.way.between, deep?.way.ends.at(-1)?.name],
    [2, 193, nameOf(198)],
  )
  assert.equal(seenBy(here, ruth, idOf(100))?.at?.through, 99 + 100 * 49)
})

const inLetters = (count: number) =>
  [...String(count).padStart(16, '0')].map((digit) => alphabet[Number(digit)]).join('')
const idOf = (count: number) => `m_${inLetters(count)}`
const nameOf = (count: number) => `Person ${count}`
const joins = (count: number, invitedBy: string) =>
  memberJoined.of({ by: invitedBy, member: idOf(count), invitedBy, name: nameOf(count) })
