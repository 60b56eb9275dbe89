import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import decodeQR from 'qr/decode.js'
import { realDisk } from '../../src/archive/disk.ts'
import type { Background, TaskProgress } from '../../src/background.ts'
import { cursorOf } from '../../src/cache/cursor.ts'
import { currentCache } from '../../src/cache/generations.ts'
import { openForWriting } from '../../src/cache/open.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { tellVerified } from '../../src/commands/recovery.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { keepingChores } from '../../src/jobs/keeping.ts'
import { operator, schedule } from '../../src/kernel/actor.ts'
import { days } from '../../src/kernel/moment.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { editOperations } from '../../src/operations/edits.ts'
import { type OperationsOptions, openOperations } from '../../src/operations/recovery.ts'
import type { Edits, OutsideEdit, Standing } from '../../src/queries/operations.ts'
import type { BackupReport } from '../../src/reports/backup.ts'
import { type Browser, fieldOf, type Place, place, wordsOf } from './browser.ts'

const pages = [
  '',
  '/work',
  '/segments',
  '/coverage',
  '/history',
  '/growth',
  '/problems',
  '/edits',
  '/edits/2026-11/restore',
  '/edits/2026-11/accept',
  '/sheet',
  '/sheet/print',
  '/progress',
].map((path) => `/admin/recovery${path}`)
const forms = [
  ['/work', { kind: 'verify' }],
  ['/work/end', {}],
  ['/edits/2026-11/restore', {}],
  ['/edits/2026-11/accept', {}],
  ['/sheet', { places: '1.1 2.1 3.1 4.1', characters: '0000' }],
  ['/sheet/print', {}],
] as const

/** A member who has become an admin. */
async function admin({ here, comes }: Place, name = 'Ruth'): Promise<Browser> {
  const person = await comes(name)
  await here.does(operator, grantRole, { name, role: 'admin' })
  return person
}

/** Shows once more that it is she, after so long. */
async function comesBack({ here }: Place, person: Browser, name = 'Ruth') {
  const { token } = await here.does(operator, issueLoginLink, { name })
  assert.equal((await person.post(`/sign-in/${token}`, {})).statusCode, 303)
}

/** Asks for the page of the work until it is over. */
async function isOver(person: Browser): Promise<string> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const words = wordsOf(await person.get('/admin/recovery/work'))
    if (words.includes('See how everything stands now')) return words
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the work does not end')
}

/** A backup that a test moves along. */
function slowBackup() {
  let finish = (_report: BackupReport) => {}
  let fail = (_error: Error) => {}
  let show = (_progress: TaskProgress) => {}
  const backUp: Background['backUp'] = ({ signal, onProgress = () => {} } = {}) =>
    new Promise((resolve, reject) => {
      finish = resolve
      fail = reject
      show = onProgress
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  const report: BackupReport = {
    ...{ dir: '/backups', archive: 'a_0123456789abcdef', records: 7, head: 'ab'.repeat(32), bytes: 70 },
    ...{ files: 1, copied: 1, skipped: 0, seconds: 1, secrets: false, proof: 'held' },
    hasOlderSecrets: false,
  }
  return {
    operations: ({ background }: OperationsOptions) => ({
      background: { verify: background.verify, backUp },
    }),
    shows: (bytes: number) => show({ phase: 'copying', records: 0, bytes, totalBytes: 100 }),
    ends: () => finish(report),
    fails: (error: Error) => fail(error),
  }
}

/** But for where whoever signs in is led to, which is where they asked to go. */
const saidIn = ({ body }: { body: string }) => body.replace(/(name="next" value=")[^"]*/g, '$1')

suite('who may see the recovery pages', () => {
  test('nobody but an admin learns that they are there', async (t) => {
    const at = await place(t)
    const [visitor, ann] = [at.browser(), await at.comes('Ann')]
    for (const person of [visitor, ann]) {
      const nothing = await person.get('/admin/nothing')
      const status = person === visitor ? 401 : 404
      assert.equal(nothing.statusCode, status)
      for (const path of pages) {
        const answer = await person.get(path)
        assert.deepEqual([answer.statusCode, saidIn(answer)], [status, saidIn(nothing)], path)
        assert.deepEqual(namesOf(answer.headers), namesOf(nothing.headers), path)
      }
      for (const [path, fields] of forms) {
        const nothingSent = await person.post('/admin/nothing', fields)
        const answer = await person.post(`/admin/recovery${path}`, fields)
        assert.deepEqual([answer.statusCode, saidIn(answer)], [status, saidIn(nothingSent)], path)
      }
    }
    assert.equal(at.operations.work(), null, 'nothing was begun')
    assert.doesNotMatch((await ann.get('/')).body, /recovery/i)
  })

  test('an admin finds the way there, and loses it with the role', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    await admin(at, 'Ann')
    assert.match((await ruth.get('/')).body, /<a href="\/admin">/)
    assert.match((await ruth.get('/admin')).body, /<a href="\/admin\/recovery">/)
    for (const path of pages.filter((path) => !/progress|print|edits\//.test(path)))
      assert.equal((await ruth.get(path)).statusCode, 200, path)
    await at.here.does(operator, revokeRole, { name: 'Ruth', role: 'admin' })
    assert.doesNotMatch((await ruth.get('/')).body, /\/admin/)
    assert.equal((await ruth.get('/admin/recovery')).statusCode, 404)
  })

  const namesOf = (headers: object) => Object.keys(headers).sort()
})

suite('the overview', () => {
  test('leads from a new site to one where nothing is to do', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    const first = await ruth.get('/admin/recovery')
    assert.equal(first.headers['cache-control'], 'no-store')
    assert.match(wordsOf(first), /To do Nothing seems to be lost, but 3 things are to do/)
    assert.match(wordsOf(first), /first of all this: every byte has yet to be read\. Check everything now/)

    at.here.written()
    const begun = await ruth.post('/admin/recovery/work', { kind: 'verify' })
    assert.deepEqual([begun.statusCode, begun.headers.location], [303, '/admin/recovery/work'])
    assert.match(await isOver(ruth), /Everything is as it was written \d+ records, every byte of them read\./)
    const member = at.here.heldBy(ruth.cookies.get('thywill') ?? '')
    assert.match(
      at.here.written().join('\n'),
      new RegExp(`^archive\\.verified/1 by=${member?.member} records=\\d+ problems=0 milliseconds=\\d+$`),
    )
    assert.match(wordsOf(await ruth.get('/admin/recovery')), /there is no backup yet\. Back up now/)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    assert.match(await isOver(ruth), /A backup was made It holds \d+ records and was verified\./)
    const told = new RegExp(`^backup\\.made/1 by=${member?.member} records=\\d+ head=[0-9a-f]{64} bytes=`)
    assert.match(at.here.written().join('\n'), told)
    const second = wordsOf(await ruth.get('/admin/recovery'))
    assert.match(second, /Nothing is lost, but one thing is to do: nobody has the keys on paper\./)
    assert.match(second, /Print the recovery sheet/)

    await confirm(ruth, at)
    const third = wordsOf(await ruth.get('/admin/recovery'))
    assert.match(
      third,
      /Good Nothing is lost: \d+ records are whole, and this site can be made again from them\./,
    )
  })

  test('knows of a comparison from before a restart: when it was, and whether all was well', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    assert.match(wordsOf(await ruth.get('/admin/recovery')), /It was never compared with a fresh rebuild\./)
    at.here.passes(1000)
    const told = { records: 7, problems: 0, deep: true, milliseconds: 1500 }
    await at.here.does(operator, tellVerified, told)
    assert.deepEqual(at.operations.standing().compared, { at: at.here.now(), differing: [] })
    assert.match(
      wordsOf(await ruth.get('/admin/recovery')),
      /It is, row for row, what a fresh rebuild gives\./,
    )
    at.here.passes(1000)
    await at.here.does(operator, tellVerified, { ...told, problems: 2 })
    await at.here.does(operator, tellVerified, { records: 7, problems: 0, milliseconds: 1500 })
    assert.match(
      wordsOf(await ruth.get('/admin/recovery')),
      /When it was compared with a fresh rebuild, not all was well\. Compare again to see what\./,
    )
  })

  test('shows what is to be kept elsewhere', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    const words = wordsOf(await ruth.get('/admin/recovery')).replace(/ /g, '')
    const key = at.here.text().match(/ key=([0-9a-f]{64})/)?.[1]
    const { archive, hash, sequence } = cursorOf(at.here.ledger.cache()) ?? {}
    assert.ok(key && archive && hash)
    for (const fact of [key, archive, hash, `Closinglineofrecord${sequence}`]) assert.ok(words.includes(fact))
  })

  test('leads to what is not as it should be, and what to do about it', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    writeFileSync(join(at.here.options.archive, 'letter.doc'), 'x')
    const words = wordsOf(await ruth.get('/admin/recovery'))
    assert.match(words, /To do .* something beside the text is not as it should be\. See what is wrong/)
    const problems = wordsOf(await ruth.get('/admin/recovery/problems'))
    assert.match(
      problems,
      /letter\.doc the archive did not put this file here What to do: Look at it, and move it/,
    )
  })
})

suite('work', () => {
  test('a row that was changed by hand is named, and a rebuild puts it right', async (t) => {
    let usual: OperationsOptions | undefined
    const at = await place(t, {
      operations(given) {
        usual = given
        return {}
      },
    })
    const ruth = await admin(at)
    assert.match(wordsOf(await ruth.get('/admin/recovery/coverage')), /was not compared with a fresh rebuild/)
    const cache = openForWriting(cacheFile(at))
    cache.sqlite.exec("update members set name = 'Somebody else'")
    cache.close()
    await ruth.post('/admin/recovery/work', { kind: 'compare' })
    assert.match(
      await isOver(ruth),
      /These tables are not what it gives: members\. A rebuild puts them right\./,
    )
    assert.match(
      wordsOf(await ruth.get('/admin/recovery/coverage')),
      /members member\.joined , 1 record .* 1 1 not equal 1 row m_\S+ is different in name/,
    )
    const overview = await ruth.get('/admin/recovery')
    assert.match(wordsOf(overview), /It is not what the text gives: members\./)
    assert.ok(usual)
    const afterRestart = openOperations(usual)
    assert.deepEqual(afterRestart.standing().compared?.differing, ['members'], 'also after a restart')
    assert.equal(
      afterRestart.coverage().tables.find(({ table }) => table === 'members')?.compared?.differing,
      1,
    )

    at.here.passes(1000)
    await ruth.post('/admin/recovery/work', { kind: 'rebuild' })
    assert.match(await isOver(ruth), /The site is served from a new cache/)
    assert.match(
      wordsOf(await ruth.get('/admin/recovery')),
      /not compared with a fresh rebuild since it was rebuilt/,
    )
    await ruth.post('/admin/recovery/work', { kind: 'compare' })
    assert.match(await isOver(ruth), /The text is whole, and the cache is what it gives/)
    const headers = at.here.written().filter((header) => /^(archive\.verified|cache\.rebuilt)/.test(header))
    assert.equal(headers.length, 3)
    assert.match(headers[1] ?? '', / why=asked schema=[0-9a-f]{16} records=\d+ milliseconds=\d+$/)
    assert.match(headers[2] ?? '', / problems=0 deep=yes /)
  })

  test('what is wrong is found with its place, and stops the writing where a month is over', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    at.here.passes(40 * days)
    await at.here.joins('Ann')
    await comesBack(at, ruth)
    await at.here.ledger.settled()
    const [november] = at.operations.segments()
    assert.equal(november?.seal, 'good')
    const path = join(at.here.options.archive, november.file)
    at.here.options.disk.protect(path, 0o600)
    appendFileSync(path, 'x')
    await ruth.post('/admin/recovery/work', { kind: 'verify' })
    assert.match(await isOver(ruth), /Not everything is as it was written .* See what is wrong/)
    const words = wordsOf(await ruth.get('/admin/recovery/problems'))
    assert.match(words, /Nothing can be saved just now/)
    assert.match(words, /2026\/2026-11\.txt , line \d+, record \d+/)
    assert.match(words, /Look at "Outside edits"/)
    assert.match(
      wordsOf(await ruth.get('/admin/recovery/segments')),
      /2026-11 .* Wrong the file is not as long/,
    )
    // The clock of the community went on, so it is long since anybody signed in here: they still are.
    assert.match(wordsOf(await ruth.get('/admin/recovery')), /Stop, and call the person who runs the server/)
  })

  test('is done at night too: bits that rot in a month that is over stop the writing, and the pages say where', async (t) => {
    let usual: OperationsOptions | undefined
    const at = await place(t, {
      operations(given) {
        usual = given
        return {}
      },
    })
    const ruth = await admin(at)
    const { ledger, options } = at.here
    at.here.passes(40 * days)
    await at.here.joins('Ann')
    await comesBack(at, ruth)
    await ledger.settled()
    rot(join(options.archive, '2026/2026-11.txt'), '| Ruth', '| Rath')
    await ledger.reconcile()
    assert.equal(ledger.trouble(), undefined, 'neither length nor time has changed')

    assert.ok(usual)
    const { record, cache, inspect } = ledger
    const { verifications } = keepingChores({ ...usual.background, record, cache, inspect })
    await verifications.run(schedule)
    assert.equal(ledger.trouble()?.why, 'corrupt')
    assert.match(at.here.written().join('\n'), /^archive\.verified\/1 by=schedule .*problems=[1-9]/m)
    for (const operations of [at.operations, openOperations(usual)])
      assert.ok(
        operations
          .standing()
          .problems.some(({ file, line, sequence }) => file === '2026/2026-11.txt' && line && sequence),
        'also after a restart',
      )
    const problems = wordsOf(await ruth.get('/admin/recovery/problems'))
    assert.match(problems, /2026\/2026-11\.txt , line \d+, record \d+ .* What to do: .*"Outside edits"/)

    rot(join(options.archive, '2026/2026-11.txt'), '| Rath', '| Ruth')
    const ways = editOperations(ledger, { ...usual.folders, backups: join(options.archive, '../backups') })
    assert.equal((await ways.lookAgain(operator)).trouble, null)
    assert.deepEqual(at.operations.standing().problems, [], 'what was found before may not be so any more')
    assert.match(
      wordsOf(await ruth.get('/admin/recovery')),
      /Every byte of \d+ records was as it was written/,
    )
  })

  test('is done one at a time: who asks for more reads where the first stands', async (t) => {
    const slow = slowBackup()
    const at = await place(t, slow)
    const ruth = await admin(at)
    assert.match(wordsOf(await ruth.get('/admin/recovery/work')), /Nothing was begun since the site started/)
    assert.equal((await ruth.get('/admin/recovery/progress')).statusCode, 204)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    slow.shows(37)

    const second = await ruth.post('/admin/recovery/work', { kind: 'rebuild' })
    assert.equal(second.statusCode, 409)
    assert.match(wordsOf(second), /One thing at a time: the rebuild was not begun\./)
    assert.match(wordsOf(second), /A backup is being made Ruth asked for this\..* It is copying\./)
    assert.match(
      second.body,
      /<noscript><meta http-equiv="refresh" content="5; url=\/admin\/recovery\/work">/,
    )
    assert.match(second.body, /<progress max="100" value="37"/)
    const overview = await ruth.get('/admin/recovery')
    assert.match(wordsOf(overview), /A backup is being made/)
    assert.match(overview.body, /content="5; url=\/admin\/recovery"/)
    assert.doesNotMatch(overview.body, /Check everything now/, 'there is no button for more')

    slow.ends()
    assert.match(await isOver(ruth), /A backup was made It holds 7 records/)
    for (const path of ['', '/work'])
      assert.doesNotMatch((await ruth.get(`/admin/recovery${path}`)).body, /http-equiv="refresh"/)
  })

  test('can be ended, and then nothing was changed', async (t) => {
    const at = await place(t, slowBackup())
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    at.here.written()
    const ended = await ruth.post('/admin/recovery/work/end', {})
    assert.deepEqual([ended.statusCode, ended.headers.location], [303, '/admin/recovery/work'])
    assert.match(await isOver(ruth), /It was ended Nothing was changed\./)
    assert.deepEqual(at.here.written(), [])
    assert.equal((await ruth.post('/admin/recovery/work/end', {})).statusCode, 303, 'twice does no harm')
  })

  test('is ended when the site stops, which then begins nothing more', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'compare' })
    await at.operations.close()
    assert.equal(at.operations.work()?.outcome?.is, 'ended')
    const member = at.here.heldBy(ruth.cookies.get('thywill') ?? '')
    assert.ok(member)
    assert.equal(at.operations.start('verify', member), false)
  })

  test('that fails says why, and is a defect in the log', async (t) => {
    const slow = slowBackup()
    const defects: unknown[] = []
    const at = await place(t, {
      operations: (usual) => ({ ...slow.operations(usual), onDefect: (error) => void defects.push(error) }),
    })
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    slow.fails(new Error('The disk is <gone>.'))
    const words = await isOver(ruth)
    assert.match(words, /That did not work The disk is &lt;gone&gt;\. The text is as it was\./)
    assert.equal(defects.length, 1)
  })

  test('that fails while it is being ended has failed all the same', async (t) => {
    const defects: unknown[] = []
    const at = await place(t, {
      operations: ({ background }) => ({
        onDefect: (error) => void defects.push(error),
        background: {
          ...background,
          backUp: ({ signal } = {}) =>
            new Promise((_resolve, reject) =>
              signal?.addEventListener('abort', () => reject(new Error('The disk is gone.'))),
            ),
        },
      }),
    })
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    await ruth.post('/admin/recovery/work/end', {})
    assert.match(await isOver(ruth), /That did not work The disk is gone\./)
    assert.equal(defects.length, 1)
  })

  test('is in the history also when whoever asked has signed out meanwhile', async (t) => {
    const slow = slowBackup()
    const at = await place(t, slow)
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    await ruth.post('/sign-out', {})
    at.here.written()
    slow.ends()
    const ann = await admin(at, 'Ann')
    assert.match(await isOver(ann), /A backup was made/)
    assert.ok(at.here.written().some((header) => header.startsWith('backup.made/1 by=schedule ')))
  })

  test('that the history could not take is done all the same, and says so', async (t) => {
    const slow = slowBackup()
    const refused = () => Promise.reject(new Refusal('read-only', 'That did not save.'))
    const at = await place(t, {
      operations: (usual) => ({ ...slow.operations(usual), ledger: { ...usual.ledger, record: refused } }),
    })
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    slow.ends()
    assert.match(
      await isOver(ruth),
      /A backup was made .* The history does not have this: That did not save\./,
    )
  })

  test('that this server does not do, or that there is not, is refused', async (t) => {
    const at = await place(t, {
      operations: ({ ledger }) => ({ ledger: { ...ledger, isWriter: false } }),
    })
    const ruth = await admin(at)
    for (const kind of ['back-up', 'everything', ''])
      assert.equal((await ruth.post('/admin/recovery/work', { kind })).statusCode, 422, kind)
    assert.equal(at.operations.work(), null)
    assert.match(
      wordsOf(await ruth.get('/admin/recovery')),
      /This process only reads; the one that writes makes the backups/,
    )
    const foreign = await ruth.post(
      '/admin/recovery/work',
      { kind: 'rebuild' },
      { 'sec-fetch-site': 'cross-site' },
    )
    assert.equal(foreign.statusCode, 403)
  })
})

suite('progress', () => {
  test('is told live, each time as the page shows it, and ends with the result', async (t) => {
    const slow = slowBackup()
    const at = await place(t, slow)
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    slow.shows(10)
    const stream = await live(t, at, ruth)
    await stream.until(/event: progress\ndata: <div class="progress" id="work-progress">[\s\S]*10%/)
    slow.shows(90)
    await stream.until(/90%/)
    slow.ends()
    await stream.until(/event: over\ndata: <section class="panel is-well" id="work"/)
    await stream.ended
    assert.match(String(stream.headers['content-type']), /^text\/event-stream/)
    assert.equal(stream.headers['cache-control'], 'no-store')

    const late = await live(t, at, ruth)
    await late.ended
    assert.match(late.text(), /event: over/, 'who comes late learns the result at once')
  })

  test('never keeps the server from closing', async (t) => {
    const at = await place(t, slowBackup())
    const ruth = await admin(at)
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    const streams = [await live(t, at, ruth), await live(t, at, ruth)]
    for (const stream of streams) await stream.until(/event: progress/)
    const closing = at.app.close()
    await Promise.race([
      closing,
      new Promise((_resolve, reject) => setTimeout(reject, 30_000, new Error('it does not close')).unref()),
    ])
    for (const stream of streams) await stream.ended
  })
})

suite('what was, and what there is', () => {
  test('the history has everything that was done, erasures too, a page at a time', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    assert.match(wordsOf(await ruth.get('/admin/recovery/history')), /Nothing was done yet/)
    const told = { records: 7, problems: 0, milliseconds: 1500 }
    for (let number = 0; number < 60; number++) await at.here.does(schedule, tellVerified, told)
    await at.here.does(operator, tellVerified, { ...told, problems: 2, deep: true })
    const newest = await ruth.get('/admin/recovery/history')
    const first = newest.body.match(/<li id="r\d+">/g) ?? []
    assert.equal(first.length, 50)
    assert.match(
      wordsOf(newest),
      /Look Every byte was read and the cache compared: not all was well .* by the person who runs the server ; 7 records, 2 seconds/,
    )
    assert.match(wordsOf(newest), /by the site by itself/)
    const older = /<a href="(\/admin\/recovery\/history\?before=\d+)" rel="next">/.exec(newest.body)?.[1]
    assert.ok(older)
    const rest = (await ruth.get(older)).body.match(/<li id="r\d+">/g) ?? []
    assert.equal(rest.length, 11)
    assert.equal(new Set([...first, ...rest]).size, 61)
    assert.equal((await ruth.get('/admin/recovery/history?before=x')).statusCode, 404)
  })

  test('months are counted, and growth is drawn with its figures beside it', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    at.here.passes(40 * days)
    await at.here.joins('Ann')
    await comesBack(at, ruth)
    await at.here.ledger.settled()
    const segments = wordsOf(await ruth.get('/admin/recovery/segments'))
    const [november, january] = at.operations.segments()
    assert.ok(november && january)
    assert.equal(november.records + january.records, at.here.ledger.head().sequence)
    assert.match(
      segments,
      new RegExp(`2026-11 ${november.records} .* Good sealed, and the signature is good`),
    )
    assert.match(segments, new RegExp(`2027-01 ${january.records} .* Open written to`))
    const growth = await ruth.get('/admin/recovery/growth')
    assert.equal(growth.body.match(/<rect /g)?.length, 2)
    assert.match(wordsOf(growth), new RegExp(`2026-11 ${november.records} 2027-01 ${january.records}`))
    assert.match(wordsOf(growth), /No rebuild was recorded yet/)
    await ruth.post('/admin/recovery/work', { kind: 'rebuild' })
    await isOver(ruth)
    assert.match(wordsOf(await ruth.get('/admin/recovery/growth')), /2027-01-01 \d+ \d\.\d seconds/)
  })
})

suite('outside edits', () => {
  const edit: OutsideEdit = {
    file: '2026/2026-11.txt',
    isAcceptable: true,
    wrong: null,
    isTail: false,
    copy: '/backups',
    unfit: [],
    differences: [{ record: 7, line: 31, lines: [' | one', '-| two', '+| 2 <b>'] }],
    more: 0,
  }

  function known(files: readonly OutsideEdit[]) {
    const done: string[] = []
    const edits: Edits = {
      report: async () => ({ files }),
      restore: async ({ name }, file) => void done.push(`restore ${file} ${name}`),
      accept: async ({ name }, file) => void done.push(`accept ${file} ${name}`),
      lookAgain: async ({ name }) => void done.push(`look ${name}`),
    }
    return { done, operations: () => ({ edits }) }
  }

  test('are shown line by line, and each way out asks once more', async (t) => {
    const { done, operations } = known([edit])
    const at = await place(t, { operations })
    const ruth = await admin(at)
    const list = await ruth.get('/admin/recovery/edits')
    assert.match(list.body, /<span>\| one<\/span><del>.*\| two<\/del><ins>.*\| 2 &lt;b&gt;<\/ins>/)
    for (const [way, words] of [
      ['restore', /Restore 2026\/2026-11\.txt\?/],
      ['accept', /Accept 2026\/2026-11\.txt as it stands\?/],
    ] as const) {
      const path = `/admin/recovery/edits/2026-11/${way}`
      assert.match(list.body, new RegExp(`href="${path}"`))
      assert.match(wordsOf(await ruth.get(path)), words)
      assert.equal(done.length, way === 'restore' ? 0 : 1, 'looking does nothing')
      const answer = await ruth.post(path, {})
      assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/admin/recovery/edits'])
      assert.equal(done.at(-1), `${way} 2026/2026-11.txt Ruth`)
    }
    assert.equal((await ruth.get('/admin/recovery/edits/2026-10/accept')).statusCode, 404)
    assert.equal((await ruth.post('/admin/recovery/edits/2026-10/accept', {})).statusCode, 404)
    assert.equal((await ruth.post('/admin/recovery/edits', {})).statusCode, 303)
    assert.equal(done.at(-1), 'look Ruth')
  })

  test('that take long to find are looked for once, and the page comes back until they are there', async (t) => {
    let begun = 0
    let finish = () => {}
    const { operations } = known([])
    const at = await place(t, {
      operations: () => ({
        edits: {
          ...operations().edits,
          report: () => {
            begun++
            return new Promise((resolve) => {
              finish = () => resolve({ files: [edit] })
            })
          },
        },
      }),
    })
    const ruth = await admin(at)
    const [first, second] = await Promise.all([
      ruth.get('/admin/recovery/edits'),
      ruth.get('/admin/recovery/edits'),
    ])
    for (const page of [first, second]) {
      assert.match(wordsOf(page), /The whole text is being read .* comes back by itself/)
      assert.equal(page.headers.refresh, '5')
    }
    finish()
    const found = await ruth.get('/admin/recovery/edits')
    assert.match(wordsOf(found), /Somebody changed what was written/)
    assert.equal(found.headers.refresh, undefined)
    assert.equal(begun, 1)
  })

  test('of a month that is over are put back from a backup, or stay for ever', async (t) => {
    const at = await place(t, {
      operations: ({ ledger, folders }) => ({
        edits: editOperations(ledger, { ...folders, backups: join(dirname(folders.archive), 'backups') }),
      }),
    })
    const ruth = await admin(at)
    await ruth.post('/prayers', { request: 'Please pray for my mother.' })
    at.here.passes(40 * days)
    await at.here.joins('Ann')
    await comesBack(at, ruth)
    await at.here.ledger.settled()
    await ruth.post('/admin/recovery/work', { kind: 'back-up' })
    await isOver(ruth)
    const path = join(at.here.options.archive, '2026/2026-11.txt')
    const written = readFileSync(path, 'utf8')
    const edit = async () => {
      at.here.options.disk.protect(path, 0o600)
      writeFileSync(path, written.replace('my mother', 'my father'))
      await at.here.ledger.reconcile()
      assert.match(
        wordsOf(await ruth.get('/admin/recovery')),
        /Stop, and call the person who runs the server/,
      )
      const page = await ruth.get('/admin/recovery/edits')
      assert.match(page.body, /<del>.*my mother\.<\/del><ins>.*my father\.<\/ins>/)
    }

    await edit()
    assert.equal((await ruth.post('/admin/recovery/edits/2026-11/restore', {})).statusCode, 303)
    assert.equal(readFileSync(path, 'utf8'), written)
    assert.match(wordsOf(await ruth.get('/admin/recovery/edits')), /Nobody has changed the text/)
    assert.equal(at.here.ledger.trouble(), undefined)

    await edit()
    assert.equal((await ruth.post('/admin/recovery/edits/2026-11/accept', {})).statusCode, 303)
    assert.match(wordsOf(await ruth.get('/admin/recovery/edits')), /Nobody has changed the text/)
    assert.match(wordsOf(await ruth.get('/')), /Please pray for my father\./)
    const history = wordsOf(await ruth.get('/admin/recovery/history'))
    assert.match(history, /Record \d+ was accepted as somebody edited it .* by Ruth/)
    assert.match(history, /An edited month was put back from a backup .* 2026\/2026-11\.txt/)
    await ruth.post('/admin/recovery/work', { kind: 'compare' })
    assert.match(await isOver(ruth), /The text is whole, and the cache is what it gives/)
  })

  test('have only the ways out that there are', async (t) => {
    const bare = {
      ...edit,
      isAcceptable: false,
      copy: null,
      wrong: 'Line 3 is bent.',
      unfit: ['B: too old.'],
    }
    const at = await place(t, known([{ ...bare, isTail: true, more: 3 }]))
    const words = wordsOf(await (await admin(at)).get('/admin/recovery/edits'))
    assert.match(words, /Line 3 is bent\. No backup has this month as it was written.* B: too old\./)
    assert.match(words, /And 3 more records\. .* Looking again puts it away/)
    assert.doesNotMatch(words, /Restore the file|Accept it as it stands/)
  })

  test('that there are none, or that nobody can tell, is said', async (t) => {
    const none = await place(t, known([]))
    assert.match(
      wordsOf(await (await admin(none)).get('/admin/recovery/edits')),
      /Nobody has changed the text/,
    )
    const blind = await place(t)
    const ruth = await admin(blind)
    assert.match(wordsOf(await ruth.get('/admin/recovery/edits')), /This process only reads/)
    assert.equal((await ruth.post('/admin/recovery/edits/2026-11/accept', {})).statusCode, 404)
  })
})

suite('the recovery sheet', () => {
  test('stands only in the answer to a form, and its picture says the same as its groups', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    const hex = at.operations.sheet()?.keys[0]?.hex ?? ''
    assert.match(hex, /^[0-9a-f]{64}$/)
    const asked = await ruth.get('/admin/recovery/sheet')
    assert.equal((await ruth.get('/admin/recovery/sheet/print')).headers.location, '/admin/recovery/sheet')
    at.here.written()
    const sheet = await ruth.post('/admin/recovery/sheet/print', {})
    assert.match(at.here.written().join(), /^export\.made\/1 by=m_\w+ what=keys$/, 'it is known who has them')
    assert.equal(sheet.headers['cache-control'], 'no-store')
    const groups = [...sheet.body.matchAll(/<span class="count">(\d+)<\/span> <code>([0-9a-f]{4})<\/code>/g)]
    assert.deepEqual(
      groups.map(([, number]) => Number(number)),
      Array.from({ length: 16 }, (_, index) => index + 1),
    )
    assert.equal(groups.map(([, , group]) => group).join(''), hex)
    assert.equal(
      readPicture(sheet.body),
      `thywill recovery sheet 1\narchive ${at.here.text().match(/archive=(\S+)/)?.[1]}\nseal ${hex}\n`,
    )
    assert.doesNotMatch(asked.body.replace(/ /g, ''), new RegExp(hex.slice(0, 8)))

    // What the sheet says about bringing it back.
    const der = Buffer.from(`302e020100300506032b657004220420${hex}`, 'hex')
    const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
    const bytes = key.export({ type: 'spki', format: 'der' }).subarray(-32)
    assert.ok(at.here.text().includes(`key=${bytes.toString('hex')}`))
    assert.match(sheet.body, /printf 302e020100300506032b657004220420; cat/)
  })

  test('is confirmed by four of its characters, and by nothing else', async (t) => {
    const at = await place(t)
    const ruth = await admin(at)
    at.here.written()
    const form = await ruth.get('/admin/recovery/sheet')
    const places = fieldOf(form, 'places') ?? ''
    const right = charactersAt(at, places)
    const wrong = [...right].map((one) => (one === '0' ? '1' : '0')).join('')
    const attempts: Record<string, string>[] = [
      { places, characters: wrong },
      { places, characters: '' },
      { places },
      { characters: right },
      { places: '', characters: '' },
      { places: '1.1 1.1 1.1 1.1', characters: charactersAt(at, '1.1 1.1 1.1 1.1') },
      { places: '17.1 18.1 19.1 20.1', characters: '????' },
    ]
    for (const attempt of attempts) {
      const answer = await ruth.post('/admin/recovery/sheet', attempt)
      assert.equal(answer.statusCode, 422, JSON.stringify(attempt))
      assert.match(wordsOf(answer), /These are not the four characters/)
    }
    assert.deepEqual(at.here.written(), [])
    await confirm(ruth, at)
    const member = at.here.heldBy(ruth.cookies.get('thywill') ?? '')
    const { digest } = at.operations.sheet() ?? {}
    assert.deepEqual(at.here.written(), [`sheet.confirmed/1 by=${member?.member} keys=${digest}`])
    assert.match(wordsOf(await ruth.get('/admin/recovery/sheet')), /Somebody has them on paper/)
  })

  test('is not asked for where the keys are not', async (t) => {
    const at = await place(t, {
      site: (site) => ({
        operations: () => ({
          ...site.operations(),
          sheet: () => null,
          standing: (): Standing => ({ ...site.operations().standing(), keys: null }),
        }),
      }),
    })
    const ruth = await admin(at)
    assert.match(wordsOf(await ruth.get('/admin/recovery/sheet')), /The keys are not on this machine/)
    assert.equal((await ruth.post('/admin/recovery/sheet/print', {})).statusCode, 404)
    assert.match(
      wordsOf(await ruth.get('/admin/recovery')),
      /Recovery sheet To do The keys are not where they were/,
    )
  })
})

async function confirm(person: Browser, at: Place) {
  const places = fieldOf(await person.get('/admin/recovery/sheet'), 'places') ?? ''
  const characters = ` ${charactersAt(at, places).toUpperCase().slice(0, 2)} ${charactersAt(at, places).slice(2)} `
  const answer = await person.post('/admin/recovery/sheet', { places, characters })
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/admin/recovery/sheet'])
}

/** What stands on the paper at "3.1 7.4 …". */
function charactersAt({ operations }: Place, places: string): string {
  const groups = operations.sheet()?.keys[0]?.hex.match(/.{4}/g) ?? []
  return places
    .split(' ')
    .map((one) => one.split('.').map(Number))
    .map(([group = 0, character = 0]) => groups[group - 1]?.[character - 1] ?? '')
    .join('')
}

/** Looks at the picture on a page as a camera does: a reader of another author than ours, on pixels. */
function readPicture(body: string): string {
  const [, side = '', path = ''] =
    /viewBox="0 0 (\d+) \d+"[^>]*><rect[^>]*\/><path d="([^"]+)"/.exec(body) ?? []
  const [size, scale] = [Number(side), 4]
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y, long] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      const from = row * width + Number(x) * scale
      for (let at = from; at < from + Number(long) * scale; at++) data.fill(0, 4 * at, 4 * at + 3)
    }
  }
  return decodeQR({ width, height: width, data })
}

/** Some letters of a file become others; it keeps its length and its time. */
function rot(path: string, was: string, is: string) {
  execFileSync('cp', ['-p', path, `${path}.time`])
  const text = readFileSync(path, 'utf8')
  assert.ok(text.includes(was) && was.length === is.length)
  realDisk.protect(path, 0o600)
  writeFileSync(path, text.replace(was, is))
  realDisk.protect(path, 0o400)
  execFileSync('touch', ['-r', `${path}.time`, path])
  rmSync(`${path}.time`)
}

/** The file of the cache that is served. */
function cacheFile({ here: { options, ledger } }: Place): string {
  const path = currentCache(options.cache, ledger.schemaHash)
  assert.ok(path)
  return path
}

/** Reads the events of the work, over a real connection. */
async function live(t: TestContext, { app }: Place, { cookies }: Browser) {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  assert.ok(typeof address === 'object' && address)
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const asking = get({ port: address.port, path: '/admin/recovery/progress', headers: { cookie } })
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  t.after(() => asking.destroy())
  let text = ''
  answer.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  const ended = once(answer, 'end')
  return {
    headers: answer.headers,
    text: () => text,
    ended,
    async until(pattern: RegExp) {
      for (let attempt = 0; attempt < 200 && !pattern.test(text); attempt++)
        await new Promise((resolve) => setTimeout(resolve, 25))
      assert.match(text, pattern)
    },
  }
}
