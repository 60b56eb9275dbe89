import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles, sealName } from '../../src/archive/files.ts'
import { printGroup } from '../../src/archive/print.ts'
import { readGroups } from '../../src/archive/read.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { openWriter } from '../../src/archive/write.ts'
import { catalogue } from '../../src/catalogue.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { type Draft, defineEvent, wordingOf } from '../../src/kernel/event.ts'
import { momentOf } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import type { Catalogue } from '../../src/ledger/catalogue.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { recordErased } from '../../src/records/erasures.ts'
import { isWell, startsWell } from './examine.ts'
import { blank, type Photograph, photographed, photographOf, stagedFrom } from './photographs.ts'
import { archive, cacheFolder, filesIn, ledgerOptions, recordOf, type Stage, secrets } from './stage.ts'
import { acts } from './story.ts'

/** At the end of the month: two segments, the first one sealed, and nobody at it. */
let left: Photograph = blank
test.before(async () => {
  for (const act of acts.slice(0, 2)) left = (await photographed(act, left)).end
})

function staged(t: TestContext, from = left): Stage {
  const { stage, leave } = stagedFrom(from)
  t.after(leave)
  return stage
}

/** Puts other bytes in a file's place, as somebody would who is not the site. */
function tamper({ disk: { onlooker } }: Stage, name: string, change: (bytes: Buffer) => Buffer | undefined) {
  const path = join(archive, name)
  const bytes = change(readWhole(onlooker, path))
  onlooker.remove(path)
  if (!bytes) return
  const file = onlooker.open(path, 'create')
  onlooker.write(file, bytes, 0)
  onlooker.close(file)
}

const segments = ({ disk }: Stage) => archiveFiles(disk.onlooker, archive).segments
const lastSegment = (stage: Stage) => segments(stage).at(-1)?.name ?? ''
const invite = ({ record }: Stage) => perform(record, issueInvite, operator, {})
const prayersIn = (ledger: Ledger) =>
  ledger.cache().sqlite.prepare('select count(*) from prayers').pluck().get()

async function isReadOnly(stage: Stage, why: string, sentence: RegExp) {
  assert.equal(stage.ledger().trouble()?.why, why)
  assert.match(stage.ledger().trouble()?.sentence ?? '', sentence)
  await assert.rejects(invite(stage), { reason: 'read-only' })
}

test('what a crash left unfinished is put away byte for byte before it is cut off', async (t) => {
  const stage = staged(t)
  tamper(stage, lastSegment(stage), (bytes) => Buffer.concat([bytes, Buffer.from('@99 half a rec')]))
  await startsWell(stage)
  const [name = ''] = stage.ledger().reports.flatMap((report) => /quarantine\/\S+\.part/.exec(report) ?? [])
  assert.equal(readWhole(stage.disk.onlooker, join(archive, name)).toString(), '@99 half a rec')
})

test('a start says whether what it puts away can have been a write of the site', async (t) => {
  for (const [bytes, sentence] of [
    ['', /The last write did not finish/],
    ['\n', /somebody else wrote them, or the power failed/],
  ] as const) {
    const stage = staged(t)
    const { sequence } = await endOf(stage)
    tamper(stage, lastSegment(stage), (before) =>
      Buffer.concat([before, Buffer.from(bytes || `@${sequence + 1} 2026`)]),
    )
    await startsWell(stage)
    assert.match(stage.ledger().reports.join('\n'), sentence)
  }
})

async function endOf(stage: Stage) {
  await stage.opens()
  const head = stage.ledger().head()
  await stage.closes()
  return head
}

test('a month that is over and has another length than its seal says is served as before and not written to', async (t) => {
  const stage = staged(t)
  tamper(stage, segments(stage)[0]?.name ?? '', (bytes) =>
    Buffer.from(bytes.toString('latin1').replace('For my sister', 'For my brother'), 'latin1'),
  )
  await stage.opens()
  await isReadOnly(stage, 'corrupt', /2025\/2025-12\.txt has \d+ bytes/)
  assert.equal(prayersIn(stage.ledger()), stage.cast.prayers.length)
})

test('a bent seal stops the writes; taken away, it is made anew', async (t) => {
  const stage = staged(t)
  const name = sealName('2025-12')
  tamper(stage, name, (bytes) => Buffer.from(bytes.toString().replace('first 1', 'first 2')))
  await stage.opens()
  await isReadOnly(stage, 'corrupt', /2025-12\.seal is bent/)
  await stage.closes()
  tamper(stage, name, () => undefined)
  await startsWell(stage)
  assert.match(stage.ledger().reports.join(), /2025-12 is over and had no seal/)
})

test('a month that was never sealed and does not verify is not sealed: it is read, and nothing is written', async (t) => {
  const stage = staged(t)
  tamper(stage, sealName('2025-12'), () => undefined)
  tamper(stage, segments(stage)[0]?.name ?? '', (bytes) =>
    Buffer.from(bytes.toString('latin1').replace('For my sister', 'For my brothr'), 'latin1'),
  )
  await stage.opens()
  await isReadOnly(stage, 'corrupt', /2025\/2025-12\.txt, line \d+, record \d+/)
  assert.equal(prayersIn(stage.ledger()), stage.cast.prayers.length)
})

test('a bent record at the end that a cache has seen is corruption: reading goes on, writing does not', async (t) => {
  const stage = staged(t)
  tamper(stage, lastSegment(stage), (bytes) => Buffer.concat([bytes.subarray(0, -3), Buffer.from('0\n\n')]))
  const bent = readWhole(stage.disk.onlooker, join(archive, lastSegment(stage)))
  await stage.opens()
  assert.equal(prayersIn(stage.ledger()), stage.cast.prayers.length)
  await isReadOnly(stage, 'ahead', /cannot be read as far as that: 2026\/2026-01\.txt, line \d+, record \d+/)
  assert.deepEqual(readWhole(stage.disk.onlooker, join(archive, lastSegment(stage))), bent)
})

test('bent history that no cache has seen is served up to there, never written to, and named by file, line and record', async (t) => {
  const stage = staged(t, { ...left, cache: new Map() })
  tamper(stage, segments(stage)[0]?.name ?? '', (bytes) =>
    Buffer.from(bytes.toString('latin1').replace('For my sister', 'For my brothr'), 'latin1'),
  )
  await stage.opens()
  await isReadOnly(stage, 'corrupt', /2025\/2025-12\.txt, line \d+, record \d+/)
  assert.equal(prayersIn(stage.ledger()), 1, 'the request before')
})

test('an archive that is shorter than a cache has seen is not written to', async (t) => {
  const stage = staged(t)
  const shorter = photographOf(stage, 'before')
  await stage.opens()
  await invite(stage)
  await stage.closes()
  const restored = staged(t, { ...shorter, cache: photographOf(stage, 'after').cache })
  await restored.opens()
  await isReadOnly(restored, 'ahead', /acknowledged records are gone/)
  await assert.rejects(restored.ledger().rebuild(), /acknowledged records are gone/)
})

test('where an archive is known to have been, no new one is begun', async (t) => {
  const stage = staged(t)
  for (const { name } of segments(stage)) tamper(stage, name, () => undefined)
  await assert.rejects(stage.opens(), /Put the archive back/)
  assert.equal(segments(stage).length, 0)
  assert.equal(stage.disk.memory.openFiles(), 0)
})

test('a rebuild does not replace a cache by one that knows less', async (t) => {
  const stage = staged(t)
  await stage.opens()
  const bend = (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('For my', 'Für my'), 'latin1')
  tamper(stage, segments(stage)[0]?.name ?? '', bend)
  await assert.rejects(stage.ledger().rebuild(), /2025-12\.txt, line \d+/)
  assert.equal(prayersIn(stage.ledger()), stage.cast.prayers.length, 'the old one serves on')
  await isReadOnly(stage, 'corrupt', /2025-12\.txt, line \d+/)
  await stage.closes()
  await stage.opens()
  assert.equal(prayersIn(stage.ledger()), stage.cast.prayers.length, 'after a restart, too')
})

test('a rebuild while the disk is full does not keep writes from going on when there is room', async (t) => {
  const stage = staged(t)
  await stage.opens()
  stage.disk.setFull(true)
  await assert.rejects(invite(stage), { reason: 'read-only' })
  await stage.ledger().rebuild()
  await assert.rejects(invite(stage), { reason: 'read-only' })
  assert.equal(stage.ledger().trouble()?.why, 'full')
  stage.disk.setFull(false)
  await noTrouble(stage)
  await invite(stage)
  await startsAgainWell(stage)
})

test('words that could not be erased on a full disk are erased by themselves when there is room, before anything else', async (t) => {
  const stage = staged(t)
  await stage.opens()
  let isFull = false
  stage.disk.beforeCall(({ name }) => {
    // The record that demands it still finds room.
    if (name === 'rename') isFull = true
    stage.disk.setFull(isFull)
  })
  const [prayer = ''] = stage.cast.prayers
  await stage.erases(prayer)
  await stage.ledger().settled()
  assert.equal(stage.ledger().trouble()?.why, 'full')
  assert.match(stage.ledger().trouble()?.sentence ?? '', /have to be erased/)
  await assert.rejects(invite(stage), { reason: 'read-only' })
  stage.disk.beforeCall(() => {})
  stage.disk.setFull(false)
  await noTrouble(stage)
  assert.equal(wordsOf(stage, prayer), null)
  await startsAgainWell(stage)
})

const wordsOf = ({ ledger }: Stage, prayer: string) =>
  ledger().cache().sqlite.prepare('select request from prayers where id = ?').pluck().get(prayer)

test('a month that could not be sealed is sealed at the next look, and nobody is alarmed meanwhile', async (t) => {
  const stage = staged(t)
  await stage.opens()
  stage.clock.moment = '2026-02-01T07:00:00.000Z'
  stage.disk.beforeCall(({ path }) => stage.disk.setFull(path.includes('.seal')))
  await invite(stage)
  await stage.ledger().settled()
  await stage.ledger().reconcile()
  assert.equal(stage.disk.onlooker.measure(join(archive, sealName('2026-01'))), undefined)
  assert.equal(stage.ledger().trouble(), undefined)
  await invite(stage)
  stage.disk.beforeCall(() => {})
  stage.disk.setFull(false)
  await stage.ledger().reconcile()
  assert.ok(stage.disk.onlooker.measure(join(archive, sealName('2026-01'))))
  await isWell(stage)
})

test('who has lost the key of the seals gets a new one, and the archive names it', async (t) => {
  const stage = staged(t)
  stage.disk.onlooker.remove(join(secrets, 'seal.key'))
  await stage.opens()
  assert.match(stage.ledger().reports.join('\n'), /key of the seals/)
  stage.clock.moment = '2026-02-01T07:00:00.000Z'
  await invite(stage)
  await stage.ledger().settled()
  assert.equal(segments(stage).filter(({ isSealed }) => isSealed).length, 2)
  assert.deepEqual(
    verifyArchive(stage.disk.onlooker, archive).problems,
    [],
    'old seals count, and so does the new one',
  )
  await startsAgainWell(stage)
})

const otherKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const otherKeys = [
  ['lost', undefined, 'the cache'],
  ['rotated', otherKey, 'the cache'],
  ['moved', otherKey, 'no cache'],
] as const

for (const [why, key, beside] of otherKeys)
  test(`a key of the seals that was ${why} is recorded as that, before anything is sealed with the new one`, async (t) => {
    const stage = staged(t, beside === 'no cache' ? { ...left, cache: new Map() } : left)
    putKey(stage, key)
    tamper(stage, sealName('2025-12'), () => undefined)
    let seals = 0
    stage.disk.beforeCall(({ name, path }) => {
      if (name !== 'open' || !path.endsWith('.seal.tmp')) return
      seals++
      assert.match(textOf(stage), new RegExp(` key\\.added/1! .* why=${why}\n`))
    })
    await stage.opens()
    assert.equal(seals, 1)
    assert.match(
      stage.ledger().reports.join('\n'),
      /so it was recorded\. .+\n2025-12 is over and had no seal that fits/,
    )
    await isWell(stage)
    await startsAgainWell(stage)
    assert.equal(seals, 1)
  })

test('while another key cannot be recorded nothing is sealed with it, and afterwards it is', async (t) => {
  const stage = staged(t)
  putKey(stage, otherKey)
  tamper(stage, sealName('2025-12'), () => undefined)
  stage.disk.beforeCall(({ to, name }) => stage.disk.setFull(name === 'write' || to === 'create'))
  await stage.opens()
  await stage.ledger().reconcile()
  assert.equal(stage.ledger().trouble()?.why, 'full')
  assert.equal(segments(stage).filter(({ isSealed }) => isSealed).length, 0)
  stage.disk.beforeCall(() => {})
  stage.disk.setFull(false)
  await noTrouble(stage)
  await stage.ledger().reconcile()
  assert.equal(segments(stage).filter(({ isSealed }) => isSealed).length, 1)
  await isWell(stage)
})

function putKey({ disk: { onlooker } }: Stage, key: string | undefined) {
  const path = join(secrets, 'seal.key')
  onlooker.remove(path)
  if (!key) return
  const file = onlooker.open(path, 'create')
  onlooker.write(file, Buffer.from(key), 0)
  onlooker.close(file)
}

const textOf = (stage: Stage) =>
  segments(stage)
    .map(({ name }) => readWhole(stage.disk.onlooker, join(archive, name)).toString())
    .join('')

test('who asks for read-only gets a site that writes nothing', async (t) => {
  const stage = staged(t)
  const before = stage.disk.memory.written()
  const ledger = await openLedger({
    ...ledgerOptions(stage.disk, stage.clock, stage.folder),
    isReadOnly: true,
  })
  t.after(() => ledger.close())
  assert.equal(ledger.trouble()?.why, 'read-only')
  assert.equal(prayersIn(ledger), stage.cast.prayers.length)
  await assert.rejects(perform(ledger.record, issueInvite, operator, {}), { reason: 'read-only' })
  assert.equal(stage.disk.memory.written(), before)
})

test('a clock a little behind repeats the last time, and one far behind stops the writes until it is right', async (t) => {
  const stage = staged(t)
  await stage.opens()
  const then = stage.clock.moment
  const minutesBehind = (minutes: number) => {
    stage.clock.moment = momentOf(Date.parse(then) - minutes * 60_000)
  }
  minutesBehind(4)
  await invite(stage)
  minutesBehind(6)
  await assert.rejects(invite(stage), { reason: 'read-only' })
  minutesBehind(0)
  await invite(stage)
  await stage.closes()

  minutesBehind(6)
  await stage.opens()
  assert.equal(stage.ledger().trouble()?.why, 'clock')
  await stage.closes()
  stage.clock.moment = momentOf(Date.parse(then) + 60_000)
  await startsWell(stage)
})

test('a follower says where the text is bent, and goes on when it is not any more', async (t) => {
  const stage = staged(t)
  await stage.opens()
  const folder = cacheFolder()
  const follower = await openLedger(ledgerOptions(stage.disk, stage.clock, folder.path))
  t.after(async () => {
    await follower.close()
    folder.remove()
  })
  const name = lastSegment(stage)
  const looksTwice = async () => {
    await follower.reconcile()
    await follower.reconcile()
    return follower.trouble()
  }
  assert.equal((await looksTwice())?.why, 'elsewhere')
  const whole = readWhole(stage.disk.onlooker, join(archive, name))
  const { sequence } = follower.head()

  const says = async (bytes: Buffer) => {
    tamper(stage, name, () => bytes)
    return looksTwice()
  }
  const half = Buffer.from(`@${sequence + 1} 2026-`)
  assert.equal((await says(Buffer.concat([whole, half])))?.why, 'elsewhere', 'a write may be under way')
  const foreign = await says(Buffer.concat([whole, Buffer.from('\n')]))
  assert.equal(foreign?.why, 'corrupt')
  assert.match(
    foreign?.sentence ?? '',
    new RegExp(`^2026/2026-01\\.txt, line \\d+, record ${sequence + 1}: `),
  )
  const shorter = await says(whole.subarray(0, -100))
  assert.equal(shorter?.why, 'ahead')
  assert.equal((await says(whole))?.why, 'elsewhere')

  await stage.closes()
  await stage.opens()
  await invite(stage)
  const longer = readWhole(stage.disk.onlooker, join(archive, name))
  const bent = Buffer.from(longer).fill('7', longer.length - 20, longer.length - 18)
  assert.equal((await says(bent))?.why, 'corrupt')
  assert.equal(follower.head().sequence, sequence)
  assert.equal((await says(longer))?.why, 'elsewhere')
  assert.equal(follower.head().sequence, sequence + 1)
})

const nothing = [
  [
    'a record that is not there',
    { record: 999, hash: 'ab'.repeat(32), field: 'request' },
    /no record 999 with the hash/,
  ],
  ['a record of another archive', { hash: 'ab'.repeat(32), field: 'request' }, /no record \d+ with the hash/],
  ['words that are not there', { field: 'answer' }, /Record \d+ has no words named "answer"/],
] as const

for (const [what, changes, sentence] of nothing)
  test(`an erasure of ${what} is refused, and a start that meets one in the text makes nothing of it`, async (t) => {
    const stage = staged(t)
    await stage.opens()
    const { record, hash } = recordOf(stage.disk, stage.cast.prayers[0] ?? '')
    const erasure = recordErased.of({ by: 'operator', record, hash, why: 'wish', ...changes })
    await assert.rejects(
      stage.ledger().record(() => ({ drafts: [erasure], result: undefined })),
      (error: unknown) =>
        error instanceof Refusal && error.reason === 'not-found' && sentence.test(error.message),
    )
    await stage.closes()
    await writeAtTheEnd(stage, erasure)

    for (let starts = 0; starts < 2; starts++) {
      await stage.opens()
      assert.equal(stage.ledger().trouble(), undefined)
      if (starts > 0) assert.deepEqual(stage.ledger().reports, [])
      await stage.closes()
    }
    const [cache] = [...filesIn(stage.folder).keys()].filter((name) => name.endsWith('.sqlite'))
    await startsWell(stage)
    assert.ok(filesIn(stage.folder).has(cache ?? ''), 'no other cache was made')
    stage.clock.moment = '2026-02-01T07:00:00.000Z'
    await invite(stage)
    await stage.ledger().settled()
    await startsAgainWell(stage)
    assert.deepEqual(stage.ledger().reports, [])
  })

/** As an older version would, which did not look. */
async function writeAtTheEnd({ disk, clock, entries }: Stage, draft: Draft) {
  const time = clock.moment
  entries.push({ time, drafts: [draft], outcome: 'unknown' })
  const groups = readGroups(disk.onlooker, archive)
  let step = groups.next()
  while (!step.done) step = groups.next()
  const writer = openWriter(disk.onlooker, archive, step.value.safe)
  await writer.append([printGroup([wordingOf(draft, () => '')], writer.head, time)])
  writer.close()
}

const bell = (critical: boolean) =>
  defineEvent({ name: 'bell.rung', version: 1, critical, values: {}, tables: [], project: () => {} })

for (const critical of [true, false])
  test(`a record of a newer version ${critical ? 'that narrows something stops the writes of' : 'is passed over by'} an older one`, async (t) => {
    const stage = staged(t)
    const kind = bell(critical)
    const newer: Catalogue = { ...catalogue, kinds: [...catalogue.kinds, kind] }
    const options = ledgerOptions(stage.disk, stage.clock, stage.folder)
    const ledger = await openLedger({ ...options, catalogue: newer })
    await ledger.record(() => ({ drafts: [kind.of({ by: 'operator' } as never)], result: undefined }))
    await ledger.close()

    const older = staged(t, { ...photographOf(stage, 'after the newer one'), cache: left.cache })
    await older.opens()
    assert.equal(prayersIn(older.ledger()), older.cast.prayers.length, 'it can be read')
    assert.equal(older.ledger().trouble()?.why, critical ? 'newer' : undefined)
    if (critical) await assert.rejects(invite(older), { reason: 'read-only' })
    else await invite(older)
  })

test('a first start says the public key and the head, to be kept elsewhere', async (t) => {
  const stage = staged(t, blank)
  await stage.opens()
  const { head, reports } = stage.ledger()
  const key = / key=([0-9a-f]{64})\n/.exec(textOf(stage))?.[1]
  assert.match(
    reports.join('\n'),
    new RegExp(`elsewhere its public key ${key} and its head, record 1: ${head().hash}`),
  )
  await stage.closes()
  await stage.opens()
  assert.deepEqual(stage.ledger().reports, [])
})

test('a start that fails lets go of everything, so that the next one can begin', async (t) => {
  const stage = staged(t)
  const { calls } = stage.disk
  for (let failing = 0; ; failing++) {
    const call = calls.length + failing
    stage.disk.fail(call, 'EIO')
    try {
      await stage.opens()
      await stage.closes()
    } catch (error) {
      assert.match(String(error), /EIO/)
    }
    assert.equal(stage.disk.memory.openFiles(), 0)
    if (calls.length <= call) break
  }
  assert.ok(calls.length > 2000, 'each call of a start failed once')
  stage.disk.fail(0, 'EIO')
  await nothingTouchesTheDisk(stage)
  await startsWell(stage)
})

test('who comes after the close is refused, and nothing touches the archive any more', async (t) => {
  const stage = staged(t)
  await stage.opens()
  const ledger = stage.ledger()
  const last = invite(stage)
  await stage.closes()
  await last
  const calls = stage.disk.calls.length
  await assert.rejects(perform(ledger.record, issueInvite, operator, {}), { reason: 'read-only' })
  await nothingTouchesTheDisk(stage)
  assert.equal(stage.disk.calls.length, calls)
})

/** Ten times as long as a ledger waits before it tries again. */
async function nothingTouchesTheDisk({ disk }: Stage) {
  const calls = disk.calls.length
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(disk.calls.length, calls)
}

test('a cache that was trashed is made anew', async (t) => {
  const trashed = new Map(
    [...left.cache].map(([name, bytes]): [string, Buffer] => [
      name,
      name.endsWith('.sqlite') ? Buffer.from(bytes).fill(7, 16) : bytes,
    ]),
  )
  const stage = staged(t, { ...left, cache: trashed })
  await startsWell(stage)
  assert.match(stage.ledger().reports.join('\n'), /made anew/)
})

async function noTrouble(stage: Stage) {
  for (let tries = 0; stage.ledger().trouble(); tries++) {
    assert.ok(tries < 4_000, stage.ledger().trouble()?.sentence ?? '')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function startsAgainWell(stage: Stage) {
  await stage.closes()
  await startsWell(stage)
}
