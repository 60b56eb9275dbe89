import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { suite, test } from 'node:test'
import { quarantineName } from '../../src/archive/files.ts'
import { isUnfinished, judge, quarantine } from '../../src/archive/tail.ts'
import {
  type ArchiveDisk,
  archiveDisk,
  december,
  failingFrom,
  filesOf,
  folder,
  november,
  readAll,
  sampleFolder,
} from '../tools/archive.ts'

const sample = filesOf(sampleFolder)
const whole = sample[december] ?? Buffer.alloc(0)
const head = whole.indexOf('\n\n') + 2
const behind7 = whole.indexOf('@8 ')

/** Puts away what is behind the last whole group, as a start does. */
async function putAway(disk: ArchiveDisk) {
  const { end } = readAll(disk)
  const verdict = judge(disk, folder, end, 6)
  assert.equal(verdict.is, 'torn')
  assert.ok(end.fault)
  return quarantine(disk, folder, end.fault, end.safe)
}

suite('a torn tail', () => {
  test('is kept in quarantine, whole, before it is cut off, wherever it was cut', async () => {
    let cuts = 0
    for (let size = 0; size < whole.length; size++) {
      if (size === behind7) continue
      const disk = archiveDisk({ ...sample, [december]: whole.subarray(0, size) })
      const safe = size > behind7 ? behind7 : 0
      const torn = whole.subarray(safe, size)
      const name = await putAway(disk)
      const sum = createHash('sha256').update(torn).digest('hex').slice(0, 16)
      assert.equal(name, `${quarantineName}/2026-12-${safe}-${sum}.part`)
      // Without a record of its own a segment does not exist.
      const left = safe > 0 ? { [december]: whole.subarray(0, safe) } : {}
      assert.deepEqual(disk.contents(), { [november]: sample[november], ...left, [name]: torn })
      assert.equal(readAll(disk).end.fault, undefined)
      cuts++
    }
    assert.equal(cuts, whole.length - 1)
  })

  test('may be any bytes at all', async () => {
    const rubbish = [Buffer.alloc(4096), Buffer.alloc(4096, 0xff), whole, Buffer.from('\n\n= 0')]
    for (const bytes of rubbish) {
      for (const from of [head, behind7]) {
        const disk = archiveDisk({ ...sample, [december]: Buffer.concat([whole.subarray(0, from), bytes]) })
        const name = await putAway(disk)
        assert.equal(disk.contents()[name]?.length, bytes.length + (from === head ? head : 0))
        assert.equal(readAll(disk).end.fault, undefined)
      }
    }
  })

  test('is put away again when that was broken off at any call of the disk', async () => {
    for (const size of [head + 10, behind7 + 10]) {
      let calls = 0
      for (; ; calls++) {
        const disk = archiveDisk({ ...sample, [december]: whole.subarray(0, size) })
        const { end } = readAll(disk)
        assert.ok(end.fault)
        const wasPut = await quarantine(failingFrom(disk, calls), folder, end.fault, end.safe).then(
          () => true,
          () => false,
        )
        const parts = () => Object.entries(disk.contents()).filter(([name]) => name.endsWith('.part'))
        if (readAll(disk).end.fault) await putAway(disk)
        assert.deepEqual(
          parts().map(([, bytes]) => bytes),
          [whole.subarray(size > behind7 ? behind7 : 0, size)],
          `after ${calls} calls`,
        )
        if (wasPut) break
      }
      assert.ok(calls > 10, `${calls} calls`)
    }
  })
})

suite('a segment at the very end that does not go on from the last record', () => {
  const { sequence, hash } = readAll(archiveDisk(sample)).end.safe
  const next = '2027/2027-01.txt'
  const judged = (bytes: Buffer | string) => {
    const disk = archiveDisk({ ...sample, [next]: Buffer.from(bytes) })
    const { end } = readAll(disk)
    assert.equal(end.fault?.file, next)
    return judge(disk, folder, end, sequence).is
  }
  const headOf = (month: string, from: number, before: string) =>
    `thywill archive 1 month ${month} from ${from}\n= ${before}\n\n`

  test('is no torn write, whatever it names wrongly and whatever stands behind its head', () => {
    for (const wrong of [
      headOf('2027-01', sequence + 2, hash),
      headOf('2027-01', sequence + 1, 'ab'.repeat(32)),
      headOf('2026-12', sequence + 1, hash),
    ])
      for (const behind of ['', whole.subarray(head), Buffer.alloc(100)])
        assert.equal(judged(Buffer.concat([Buffer.from(wrong), Buffer.from(behind)])), 'corrupt', wrong)
  })

  test('is torn when its head is cut short, rubbish, or the right one', () => {
    const wrong = headOf('2027-01', sequence + 2, hash)
    const right = headOf('2027-01', sequence + 1, hash)
    for (let size = 0; size < wrong.length; size++) assert.equal(judged(wrong.slice(0, size)), 'torn')
    for (const bytes of [right, `${right}rubbish`, Buffer.alloc(4096), `${wrong.slice(0, -1)}x`])
      assert.equal(judged(bytes), 'torn')
  })
})

suite('an unfinished write', () => {
  const says = (bytes: Buffer) => {
    const disk = archiveDisk({ ...sample, [december]: bytes })
    const { end } = readAll(disk)
    assert.ok(end.fault)
    return isUnfinished(disk, folder, end.fault, end.safe)
  }
  const behind = (tail: Buffer | string) => Buffer.concat([whole.subarray(0, behind7), Buffer.from(tail)])

  test('is every beginning of what was written', () => {
    for (let size = 0; size < whole.length; size++)
      if (size !== behind7) assert.equal(says(whole.subarray(0, size)), true, `${size} bytes`)
  })

  test('is nothing else', () => {
    const eighth = whole.subarray(behind7)
    const others = [
      '\n',
      'hello',
      '@7 ',
      '@80 ',
      '@8x',
      '@8 half a header\n\n',
      Buffer.alloc(512),
      Buffer.alloc(300_000, '@8 '),
      Buffer.concat([eighth.subarray(0, 20), Buffer.alloc(30)]),
      Buffer.concat([eighth.subarray(0, -1), Buffer.from('x')]),
      Buffer.concat([eighth.subarray(0, 30), Buffer.from('x'), eighth.subarray(31)]),
    ]
    for (const tail of others) assert.equal(says(behind(tail)), false, tail.toString('latin1').slice(0, 80))
    assert.equal(says(Buffer.concat([whole, Buffer.from('\n')])), false, 'behind a whole record')
    assert.equal(says(Buffer.from('thywill archive 1 month 2026-11')), false)
    assert.equal(says(Buffer.alloc(10)), false)
  })
})

suite('without a cache', () => {
  const close = whole.lastIndexOf('= ')
  const bent = Buffer.from(whole).fill('x', behind7 + 30, behind7 + 31)

  test('a bent record that is closed is corruption, however its closing line falls into pieces', () => {
    for (let mostRead = 1; mostRead < 200; mostRead++) {
      const disk = archiveDisk({ ...sample, [december]: bent }, mostRead)
      assert.equal(judge(disk, folder, readAll(disk).end, undefined).is, 'corrupt')
    }
  })

  test('one that is not closed is torn', () => {
    for (const tail of [whole.subarray(0, close + 67), Buffer.from(`${whole.subarray(0, close)}x`)])
      for (const mostRead of [1, 68, 4096]) {
        const disk = archiveDisk({ ...sample, [december]: tail }, mostRead)
        assert.equal(judge(disk, folder, readAll(disk).end, undefined).is, 'torn')
      }
    const margin = Buffer.concat([whole.subarray(0, close - 1), Buffer.from(' '), whole.subarray(close)])
    const disk = archiveDisk({ ...sample, [december]: margin }, 69)
    assert.equal(judge(disk, folder, readAll(disk).end, undefined).is, 'torn', 'its line begins elsewhere')
  })

  test('putting away holds no more than a piece of a month', async () => {
    const long = Buffer.concat([whole, Buffer.alloc(40 * 1024 * 1024, 'x')])
    const disk = archiveDisk({ ...sample, [december]: long })
    const { end } = readAll(disk, undefined, 4096)
    let longest = 0
    const read = disk.read
    disk.read = (file, into, ...rest) => {
      longest = Math.max(longest, into.length)
      return read(file, into, ...rest)
    }
    assert.equal(judge(disk, folder, end, undefined).is, 'torn')
    assert.ok(end.fault)
    const name = await quarantine(disk, folder, end.fault, end.safe)
    assert.equal(disk.contents()[name]?.length, 40 * 1024 * 1024)
    assert.ok(longest <= 1024 * 1024, `${longest} bytes`)
  })
})
