import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { realDisk } from '../../src/archive/disk.ts'
import { readGroups } from '../../src/archive/read.ts'
import { keyOf } from '../../src/kernel/stamp.ts'
import { randomFrom } from '../tools/memory-disk.ts'
import {
  type Answer,
  command,
  type Home,
  home,
  inviteTo,
  launch,
  memberAt,
  serve,
  type Visitor,
  visitorAt,
} from '../tools/site.ts'

/*
 * The real site, sixteen people who join, ask and pray, and a `kill -9` at a random moment; again and again. Whoever
 * was answered finds everything; whoever was not sends the same once more and finds it once.
 *
 *     npm run torture -- --kills 1000
 */

const clients = 16
const seats = 500
/** A site is left behind after so many kills, else looking at all of it takes longer each time. */
const killsOfOneSite = 20

export interface Figures {
  kills: number
  /** Of those, while the site was starting. */
  killsWhileStarting: number
  members: number
  prayers: number
  marks: number
  /** Answered only when they were sent again. */
  sentAgain: number
  /** Saved before a kill, though whoever asked was not told. */
  savedUntold: number
  verifications: number
}

export async function torture(
  kills: number,
  seed: number,
  onKill: (figures: Figures) => void = () => {},
): Promise<Figures> {
  const figures: Figures = {
    kills: 0,
    killsWhileStarting: 0,
    members: 0,
    prayers: 0,
    marks: 0,
    sentAgain: 0,
    savedUntold: 0,
    verifications: 0,
  }
  for (let site = 0; figures.kills < kills; site++) {
    const here = await home()
    try {
      await tortureOne(here, Math.min(kills, figures.kills + killsOfOneSite), seed + site, figures, onKill)
    } finally {
      here.remove()
    }
  }
  return figures
}

/** Something a client asked for, which it sends until it is answered. */
interface Wish {
  readonly is: 'prayer' | 'mark' | 'member'
  readonly path: string
  readonly form: Readonly<Record<string, string>>
  readonly who: Person
  isAnswered: boolean
  timesSent: number
}

interface Person {
  readonly name: string
  readonly browser: Visitor
}

interface Crowd {
  readonly here: Home
  readonly invite: string
  readonly random: () => number
  readonly figures: Figures
  readonly wishes: Wish[]
  /** Ids of the requests that were answered. */
  readonly prayers: string[]
  count: number
  /** Why the run has failed. */
  failure: unknown
}

async function tortureOne(
  here: Home,
  until: number,
  seed: number,
  figures: Figures,
  onKill: (figures: Figures) => void,
) {
  const random = randomFrom(seed)
  let site = await serve(here)
  assert.ok(site.firstLink, site.output())
  const first = await memberAt(here, site.firstLink, nameOf(0))
  const invite = await inviteTo(here, '--uses', String(seats))
  const crowd: Crowd = {
    here,
    invite,
    random,
    figures,
    wishes: [],
    prayers: [],
    count: 1,
    failure: undefined,
  }
  let isOver = false
  const working = Array.from({ length: clients }, (_, index) =>
    work(crowd, index === 0 ? { name: nameOf(0), browser: first } : undefined, () => isOver),
  )
  try {
    while (figures.kills < until) {
      await looksWell(crowd)
      await pause(random() * 400)
      assert.equal(site.hasEnded(), false, site.output())
      await site.kill()
      figures.kills++
      const written = writtenIn(here)
      for (const wish of crowd.wishes) if (isOpen(wish) && timesOf(wish, written) === 1) figures.savedUntold++
      if (random() < 0.5 && figures.kills < until) {
        const starting = launch(here)
        starting.serves.catch(() => {})
        await pause(random() * 1000)
        await starting.kill()
        figures.kills++
        figures.killsWhileStarting++
      }
      site = await serve(here)
      if (crowd.failure) throw crowd.failure
      onKill(figures)
    }
    isOver = true
    await Promise.all(working)
    if (crowd.failure) throw crowd.failure
    await looksWell(crowd)
    await everythingIsThere(crowd)
  } finally {
    isOver = true
    await site.kill()
    await Promise.all(working)
  }
}

const isOpen = ({ isAnswered, timesSent }: Wish) => !isAnswered && timesSent > 0

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** One client: wishes one thing after the other, each until it is answered. */
async function work(crowd: Crowd, known: Person | undefined, isOver: () => boolean): Promise<void> {
  let me = known
  try {
    while (!isOver()) {
      const joins = !me || (crowd.random() < 0.02 && crowd.count < seats - clients)
      const wish = me && !joins ? nextWish(crowd, me) : joining(crowd)
      crowd.wishes.push(wish)
      await send(crowd, wish, isOver)
      if (wish.is === 'member' && wish.isAnswered) me = wish.who
    }
  } catch (error) {
    crowd.failure ??= error
  }
}

function nextWish({ random, prayers, wishes }: Crowd, who: Person): Wish {
  const key = `wish ${wishes.length}`
  const prayer = prayers[Math.floor(random() * prayers.length)]
  if (!prayer || random() < 0.15) {
    const request = `For ${who.name}, ${key}.\n${'= and more of it @1 '.repeat(Math.floor(random() ** 4 * 200))}`
    return { is: 'prayer', path: '/prayers', form: { request, key }, who, isAnswered: false, timesSent: 0 }
  }
  const prayedAt = new Date(Date.now() - Math.floor(random() * 29 * 24 * 60) * 60_000).toISOString()
  return {
    is: 'mark',
    path: `/prayers/${prayer}/marks`,
    form: { key, prayedAt },
    who,
    isAnswered: false,
    timesSent: 0,
  }
}

function joining(crowd: Crowd): Wish {
  const name = nameOf(crowd.count++)
  const who = { name, browser: visitorAt(crowd.here) }
  return {
    is: 'member',
    path: crowd.invite,
    form: { name, key: `the form of ${name}, ${crowd.random()}` },
    who,
    isAnswered: false,
    timesSent: 0,
  }
}

/** Sends the same until there is an answer; also when it is over, once the site is there. */
async function send(crowd: Crowd, wish: Wish, isOver: () => boolean) {
  for (let patience = 0; ; patience++) {
    wish.timesSent++
    const answer = await wish.who.browser.post(wish.path, wish.form).catch(() => undefined)
    if (answer?.status === 303) {
      wish.isAnswered = true
      if (wish.is === 'prayer') crowd.prayers.push(answer.location.replace('/prayers/', ''))
      crowd.figures[wish.is === 'mark' ? 'marks' : wish.is === 'prayer' ? 'prayers' : 'members']++
      if (wish.timesSent > 1) crowd.figures.sentAgain++
      return
    }
    // Another mark of this person near that moment: nothing was done, and nothing will be.
    if (answer?.status === 429) return
    if (answer && !isStarting(answer)) assert.fail(`${wish.path}: ${answer.status} ${answer.body}`)
    assert.ok(patience < 600, 'the site comes back')
    if (isOver() && crowd.failure) return
    await pause(25)
  }
}

const isStarting = ({ status, body }: Answer) => status === 503 && body.includes('the site is getting ready')

/** `verify --deep` beside the working site, and a look into the archive for everything that was answered. */
async function looksWell(crowd: Crowd) {
  const answered = crowd.wishes.filter(({ isAnswered }) => isAnswered)
  const written = writtenIn(crowd.here)
  for (const wish of answered) assert.equal(timesOf(wish, written), 1, `${wish.form.key} was answered`)
  for (const [key, times] of written.keys) assert.equal(times, 1, `${key} stands once`)
  const { code, output } = await command(crowd.here, 'verify', '--deep', '--json')
  assert.equal(code, 0, output)
  const { ok, problems } = JSON.parse(output) as { ok: boolean; problems: unknown[] }
  assert.deepEqual({ ok, problems }, { ok: true, problems: [] })
  crowd.figures.verifications++
}

interface Written {
  /** How often each idempotency key stands in the archive. */
  readonly keys: ReadonlyMap<string, number>
  /** Ids of the members by their names. */
  readonly members: ReadonlyMap<string, string>
}

function writtenIn({ archive }: Home): Written {
  const keys = new Map<string, number>()
  const members = new Map<string, string>()
  for (const { records } of readGroups(realDisk, archive))
    for (const { kind, values, blocks } of records) {
      const value = Object.fromEntries(values)
      if (value.key) keys.set(value.key, (keys.get(value.key) ?? 0) + 1)
      const name = blocks[0]
      if (kind === 'member.joined' && name && 'text' in name) {
        assert.ok(!members.has(name.text), `${name.text} has joined once`)
        members.set(name.text, value.member ?? '')
      }
    }
  return { keys, members }
}

function timesOf({ is, form, who }: Wish, { keys, members }: Written): number {
  const member = members.get(who.name)
  if (is === 'member' || !member) return member ? 1 : 0
  return keys.get(keyOf(member, form.key ?? '')) ?? 0
}

/** Over HTTP, as a member sees it. */
async function everythingIsThere({ wishes, prayers, here }: Crowd) {
  const written = writtenIn(here)
  for (const wish of wishes)
    if (wish.isAnswered) assert.equal(timesOf(wish, written), 1, `${wish.form.key} stands once`)
  const [someone] = wishes.filter(({ is, isAnswered }) => is === 'member' && isAnswered)
  assert.ok(someone)
  for (const prayer of prayers.slice(-50)) {
    const page = await someone.who.browser.get(`/prayers/${prayer}`)
    assert.equal(page.status, 200, `${prayer} can be read`)
  }
}

const syllables = [
  'ba',
  'de',
  'fi',
  'go',
  'hu',
  'ka',
  'le',
  'mi',
  'no',
  'pu',
  'ra',
  'se',
  'ti',
  'vo',
  'zu',
  'ya',
]

/** A name that is like no other. */
function nameOf(number: number): string {
  const digits = number.toString(16).padStart(4, '0')
  const name = [...digits].map((digit) => syllables[Number.parseInt(digit, 16)]).join('')
  return name.charAt(0).toUpperCase() + name.slice(1)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
    },
  })
  const started = performance.now()
  process.stdout.write(`seed ${values.seed}\n`)
  const figures = await torture(Number(values.kills), Number(values.seed), (sofar) => {
    if (sofar.kills % 10 < 2) process.stdout.write(`${JSON.stringify(sofar)}\n`)
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stdout.write(
    `${JSON.stringify({ ...figures, seconds }, null, 2)}\nNothing that was answered was lost.\n`,
  )
}
