import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { countCommit, readsBehind } from '../../src/cache/unchanged.ts'
import { cacheWriter } from '../../src/cache/writer.ts'
import type { Member } from '../../src/kernel/actor.ts'
import { idOf } from '../../src/kernel/ids.ts'
import { noKeys } from '../../src/kernel/keyring.ts'
import { nameKey } from '../../src/kernel/names.ts'
import { directory } from '../../src/queries/directory.ts'
import type { Frame } from '../../src/queries/pages/frame.ts'
import { treePage } from '../../src/queries/tree.ts'
import { members } from '../../src/records/members.ts'
import { names } from '../../src/records/names.ts'
import { seenBy, viewEngine } from '../../src/web/views.ts'
import { emptyCache } from '../tools/cache.ts'
import { atMost, type Benchmark, fine, whole } from './benchmark.ts'

const now = '2026-11-22T07:00:00.000Z'
const mostMilliseconds = 50

/** What a page of ten thousand people costs the thread that serves everybody: asked, and made into a page. */
export const people: Benchmark = {
  name: 'people',
  title: 'The directory and the tree of who came through whom',
  async measure({ share }) {
    const count = Math.round(10_000 * share)
    using crowd = crowdOf(count)
    const { cache } = crowd
    const reader: Member = {
      ...{ is: 'member', member: memberOf(count - 1), name: nameOf(count - 1) },
      ...{ session: 's_0000000000000000', signedInAt: now, roles: [] },
    }
    const frame: Frame = {
      ...{
        title: 'T',
        community: 'C',
        reader: { name: 'R', isAdmin: false, isModerator: false },
        path: '/',
        notice: null,
        now,
      },
      ...{ key: 'key', knock: null, care: null, hasMail: false, unread: 0, hasGiving: false, zone: 'UTC' },
    }
    const eta = viewEngine()
    const shown = (view: string, model: object) =>
      eta.render(view, { ...seenBy(frame, model), asset: String })
    const reading = { cache, keyring: noKeys, reader, now }
    const pages: Readonly<Record<string, (turn: number) => string>> = {
      'the directory, its beginning and searches': (turn) =>
        shown(
          'people/directory',
          directory(reading, { q: turn % 2 ? nameOf(turn).slice(0, 8) : undefined, after: undefined }),
        ),
      'the directory, right after somebody came': (turn) => {
        crowd.comes(count + turn)
        return shown('people/directory', directory(reading, { q: undefined, after: undefined }))
      },
      'the top of the tree': () => shown('tree/branch', branch(undefined)),
      'a branch somewhere in it, 200 deep at most': (turn) =>
        shown('tree/branch', branch(memberOf((turn * 37) % count))),
      'the same, right after somebody came': (turn) => {
        crowd.comes(count + 1000 + turn)
        return shown('tree/branch', branch(undefined))
      },
    }
    function branch(at: string | undefined) {
      const page = treePage(cache, reader, { at })
      if (!page) throw new Error(`${at} has no branch`)
      return { ...page, mayPause: false }
    }
    return Object.entries(pages).map(([what, page]) => {
      const milliseconds = slowest(page)
      return {
        what: `${what}, ${whole(count)} people`,
        measured: `95 of 100 within ${fine(milliseconds)} ms`,
        must: atMost(milliseconds, mostMilliseconds, 'ms'),
      }
    })
  },
}

/** What 95 of 100 of these pages are made within, in milliseconds. */
function slowest(page: (turn: number) => string): number {
  const took: number[] = []
  for (let turn = 0; turn < 300; turn++) {
    const began = performance.now()
    page(turn)
    if (turn >= 100) took.push(performance.now() - began)
  }
  return took.toSorted((one, other) => one - other)[Math.floor(took.length * 0.95)] ?? Number.NaN
}

/** A chain of two hundred, and everybody else spread over it. */
function crowdOf(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-bench-'))
  const path = join(folder, 'cache.sqlite')
  const empty = emptyCache()
  writeFileSync(path, empty.sqlite.serialize())
  empty.sqlite.close()
  const writes = opened(path, false)
  writes.sqlite.pragma('journal_mode = wal')
  // As the site reads: a connection that can change nothing.
  const cache = opened(path, true)
  readsBehind(cache, writes)
  const writer = cacheWriter(writes)
  const puts = (number: number) => {
    const inviter = number < 200 ? number - 1 : number % 200
    const [member, name, sequence] = [memberOf(number), nameOf(number), number + 1]
    writer.put(members, {
      ...{ id: member, name, nameKey: nameKey(name), joinedAt: now, sequence },
      ...{ invite: null, invitedBy: number === 0 ? null : memberOf(inviter), standing: 'here', about: null },
      ...{ praysUnseen: false, invitingPausedAt: null, welcomedAt: now, rightsChangedAt: null },
    })
    writer.put(names, { sequence, hash: '', member, name, nameKey: nameKey(name), at: now })
  }
  const commits = (work: () => void) => {
    writes.sqlite.exec('begin')
    work()
    writes.sqlite.exec('commit')
    countCommit(writes)
  }
  commits(() => {
    for (let number = 0; number < count; number++) puts(number)
  })
  return {
    cache,
    comes: (number: number) => commits(() => puts(number)),
    [Symbol.dispose]() {
      for (const { sqlite } of [cache, writes]) sqlite.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function opened(path: string, readonly: boolean) {
  const sqlite = new Database(path, { readonly })
  return { sqlite, db: drizzle({ client: sqlite }) }
}

const memberOf = (number: number) => idOf('member', Buffer.from(hash('sha256', `member ${number}`), 'hex'))
const nameOf = (number: number) =>
  `${hash('sha256', `name ${number}`).replace(/\d/g, '').slice(0, 6)} ${number}`
