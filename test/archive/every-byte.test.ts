import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { findPosition } from '../../src/archive/find.ts'
import type { Place } from '../../src/archive/grammar.ts'
import { Bent, parseRecord } from '../../src/archive/parse.ts'
import { beginning } from '../../src/archive/position.ts'
import type { ReadEnd } from '../../src/archive/segment.ts'
import { judge } from '../../src/archive/tail.ts'
import {
  archiveDisk,
  december,
  type Files,
  filesOf,
  folder,
  november,
  readAll,
  sampleFolder,
} from '../tools/archive.ts'

const sample = filesOf(sampleFolder)
const whole = readAll(archiveDisk(sample))
const total = 1549 + 584

interface Stretch {
  readonly file: string
  /** Of the record, or of the first one when this is the head of a segment. */
  readonly sequence: number
  readonly from: number
  readonly to: number
  readonly firstLine: number
  readonly lastLine: number
  readonly endsGroup: boolean
}

/** Heads and records of the sample, found without our reader. */
const stretches = [november, december].flatMap((file): Stretch[] => {
  const bytes = sample[file] ?? Buffer.alloc(0)
  const found: Stretch[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf('\n\n', from) + 2
    const text = bytes.toString('utf8', from, to)
    const header = /^@(\d+)(\+?)/.exec(text)
    const firstLine = (found.at(-1)?.lastLine ?? 0) + 1
    const lastLine = firstLine + text.split('\n').length - 2
    const sequence = header ? Number(header[1]) : Number(/ from (\d+)/.exec(text)?.[1])
    found.push({ file, sequence, from, to, firstLine, lastLine, endsGroup: header?.[2] === '' })
    from = to
  }
  return found
})
const records = stretches.filter(({ firstLine }) => firstLine > 1)
const heads = stretches.filter(({ firstLine }) => firstLine === 1)
const headBytes = heads.reduce((sum, { to }) => sum + to, 0)
const bytesOf = ({ file, from, to }: Stretch) => (sample[file] ?? Buffer.alloc(0)).subarray(from, to)

const wholeHead = /^thywill archive 1 month \d{4}-(?:0[1-9]|1[0-2]) from [1-9]\d{0,14}\n= [0-9a-f]{64}\n\n/

/** What the fault must be called, by the words of the format alone. */
function expected(files: Files, { fault }: ReadEnd, promised: number | undefined) {
  if (!fault) return 'whole'
  if (fault.file !== Object.keys(files).sort().at(-1)) return 'corrupt'
  const behind = Buffer.from(files[fault.file] ?? '').toString('latin1', fault.offset)
  // A whole head that is at fault does not go on: that is no write cut short (decision 17).
  if (wholeHead.test(behind)) return 'corrupt'
  if (promised !== undefined) return fault.sequence > promised ? 'torn' : 'corrupt'
  const lines = behind.split('\n')
  const closes = (line: string, index: number) =>
    /^= [0-9a-f]{64}$/.test(line) && lines[index + 1] === '' && index + 2 < lines.length
  return lines.some(closes) ? 'corrupt' : 'torn'
}

const verdicts = (files: Files, end: ReadEnd) => {
  const disk = archiveDisk(files)
  return [undefined, 4, 6, 7, 8].map((promised) => judge(disk, folder, end, promised).is)
}
const expectedVerdicts = (files: Files, end: ReadEnd) =>
  [undefined, 4, 6, 7, 8].map((promised) => expected(files, end, promised))

function isAt({ fault }: ReadEnd, file: string, sequence: number, firstLine: number, lastLine: number) {
  assert.ok(fault)
  assert.deepEqual([fault.file, fault.sequence], [file, sequence])
  assert.ok(fault.line >= firstLine && fault.line <= lastLine, `line ${fault.line} of ${file}`)
}

test('the sample has two heads and eight records', () => {
  assert.deepEqual(
    stretches.map(({ sequence }) => sequence),
    [1, 1, 2, 3, 4, 5, 6, 7, 7, 8],
  )
  assert.equal(
    stretches.map((stretch) => bytesOf(stretch).length).reduce((a, b) => a + b),
    total,
  )
  assert.equal(whole.end.fault, undefined)
})

test('no record reads with any of its bytes changed to any of the 255 others', () => {
  let changes = 0
  for (const { file, sequence, from, to } of records) {
    const bytes = Buffer.from(sample[file] ?? '')
    const place = placeBefore(sequence)
    const next = parseRecord(bytes, from, bytes.length, place)?.next
    assert.equal(next, to, 'it reads as long as no byte is changed')
    for (let at = from; at < to; at++) {
      const was = bytes[at] ?? 0
      for (let is = 0; is < 256; is++) {
        if (is === was) continue
        bytes[at] = is
        if (reads(bytes, from, place)) assert.fail(`${file}, byte ${at} as ${is}`)
        changes++
      }
      bytes[at] = was
    }
  }
  assert.ok(changes === (total - headBytes) * 255 && changes > 480_000, `${changes} changes`)
})

test('no head of a segment reads with any of its bytes changed to any of the 255 others', () => {
  const disk = archiveDisk(sample)
  let changes = 0
  for (const { file, sequence, from, to } of heads) {
    const before = whole.groups.find((group) => group.end.sequence === sequence - 1)?.end ?? beginning
    const node = disk.file(`${folder}/${file}`)
    assert.ok(node)
    for (let at = from; at < to; at++) {
      const was = node.bytes[at] ?? 0
      for (let is = 0; is < 256; is++) {
        if (is === was) continue
        node.bytes[at] = is
        const { fault } = readAll(disk, before).end
        if (fault?.file !== file || fault.sequence !== sequence || fault.line > 3)
          assert.fail(`${file}, byte ${at} as ${is}: ${JSON.stringify(fault)}`)
        changes++
      }
      node.bytes[at] = was
    }
  }
  assert.equal(changes, headBytes * 255)
})

test('every byte changed is blamed on its record, and called torn or corrupt as the format says', () => {
  let changes = 0
  const seen = new Set<string>()
  for (const { file, sequence, from, to, firstLine, lastLine } of stretches) {
    for (let at = from; at < to; at++) {
      const was = sample[file]?.[at] ?? 0
      const flips = [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => was ^ bit)
      for (const is of new Set([...flips, ...Buffer.from('\n\r |~=@09af\0'), 255])) {
        if (is === was) continue
        const bytes = Buffer.from(sample[file] ?? '')
        bytes[at] = is
        const files = { ...sample, [file]: bytes }
        const { end } = readAll(archiveDisk(files))
        isAt(end, file, sequence, firstLine, lastLine)
        assert.ok(end.safe.sequence < sequence)
        const verdict = verdicts(files, end)
        assert.deepEqual(verdict, expectedVerdicts(files, end), `${file}, byte ${at} as ${is}`)
        seen.add(verdict.join(' '))
        changes++
      }
    }
  }
  assert.ok(changes >= total * 17, `${changes} changes`)
  assert.deepEqual([...seen].sort(), [
    'corrupt corrupt corrupt corrupt corrupt',
    'corrupt torn torn corrupt corrupt',
    'corrupt torn torn torn corrupt',
    'torn torn torn torn corrupt',
  ])
})

function reads(bytes: Buffer, from: number, place: Place) {
  try {
    return parseRecord(bytes, from, bytes.length, place) !== undefined
  } catch (error) {
    if (error instanceof Bent) return false
    throw error
  }
}

function placeBefore(sequence: number): Place {
  const before = whole.records.find((record) => record.sequence === sequence - 1)
  return before ? { sequence: sequence - 1, hash: before.hash, time: before.time } : beginning
}

suite('a file cut off', () => {
  test('at any byte is found, except exactly behind a group, which a cursor shows', () => {
    let found = 0
    const clean: number[] = []
    for (const file of [november, december]) {
      const length = sample[file]?.length ?? 0
      for (let size = 0; size < length; size++) {
        const files = { ...sample, [file]: (sample[file] ?? Buffer.alloc(0)).subarray(0, size) }
        const disk = archiveDisk(files)
        const { end } = readAll(disk)
        if (file === december) assert.equal(findPosition(disk, folder, whole.end.safe), undefined)
        assert.deepEqual(verdicts(files, end), expectedVerdicts(files, end), `${file} of ${size} bytes`)
        const cut = stretches.find((one) => one.file === file && one.from <= size && size < one.to)
        assert.ok(cut)
        const before = stretches.find((one) => one.file === file && one.to === size)
        if (before?.endsGroup && file === december) {
          assert.equal(end.fault, undefined)
          assert.equal(end.safe.sequence, before.sequence)
          clean.push(before.sequence)
          continue
        }
        // A closed month that ends too early is seen at the head of the next.
        if (before?.endsGroup) isAt(end, december, before.sequence + 1, 1, 2)
        else isAt(end, file, cut.sequence, cut.firstLine, cut.lastLine)
        found++
      }
    }
    assert.deepEqual(clean, [7])
    assert.equal(found, total - 1)
  })

  test('in the last month is torn when nothing of it was promised, and nothing else is', () => {
    let torn = 0
    for (let size = 0; size < (sample[december]?.length ?? 0); size++) {
      const files = { ...sample, [december]: (sample[december] ?? Buffer.alloc(0)).subarray(0, size) }
      const { end } = readAll(archiveDisk(files))
      if (!end.fault) continue
      const [unknown, , at6] = verdicts(files, end)
      assert.deepEqual([unknown, at6], ['torn', 'torn'], `${size} bytes`)
      torn++
    }
    assert.equal(torn, 584 - 1)
  })

  test('as a whole month reads as a shorter archive, and the cursor shows it', () => {
    const disk = archiveDisk({ [november]: sample[november] ?? '' })
    const { end } = readAll(disk)
    assert.equal(end.fault, undefined)
    assert.equal(end.safe.sequence, 6)
    assert.equal(findPosition(disk, folder, whole.end.safe), undefined)
    assert.deepEqual(findPosition(disk, folder, end.safe), end.safe)
  })

  test('as the first month is corruption at the head of the second', () => {
    const files = { [december]: sample[december] ?? '' }
    const { end } = readAll(archiveDisk(files))
    isAt(end, december, 1, 1, 2)
    assert.deepEqual(verdicts(files, end), ['corrupt', 'corrupt', 'corrupt', 'corrupt', 'corrupt'])
  })
})

suite('a record', () => {
  const changed = (file: string, pieces: readonly Buffer[]) => ({
    ...sample,
    [file]: Buffer.concat([...pieces]),
  })
  const inFile = (file: string) => stretches.filter((one) => one.file === file)
  const nextOf = (stretch: Stretch) => records.find(({ sequence }) => sequence === stretch.sequence + 1)

  for (const record of records) {
    const { file, sequence, firstLine } = record
    const others = inFile(file)

    test(`${sequence} dropped is missed`, () => {
      const files = changed(file, others.filter((one) => one !== record).map(bytesOf))
      const disk = archiveDisk(files)
      const { end } = readAll(disk)
      if (file === december) assert.equal(findPosition(disk, folder, whole.end.safe), undefined)
      assert.deepEqual(verdicts(files, end), expectedVerdicts(files, end))
      if (sequence === 8) return assert.equal(end.fault, undefined)
      const next = nextOf(record)
      if (next?.file === file) isAt(end, file, sequence, firstLine, firstLine)
      else isAt(end, next?.file ?? '', sequence, 1, 2)
      assert.equal(judge(disk, folder, end, 8).is, 'corrupt')
    })

    test(`${sequence} repeated is seen`, () => {
      const files = changed(
        file,
        others.flatMap((one) => (one === record ? [bytesOf(one), bytesOf(one)] : [bytesOf(one)])),
      )
      const disk = archiveDisk(files)
      const { end } = readAll(disk)
      isAt(end, file, sequence + 1, record.lastLine + 1, record.lastLine + 1)
      assert.deepEqual(verdicts(files, end), expectedVerdicts(files, end))
      if (sequence < 8) assert.equal(judge(disk, folder, end, 8).is, 'corrupt')
    })

    const next = nextOf(record)
    if (next?.file !== file) continue
    test(`${sequence} swapped with the next is seen`, () => {
      const files = changed(
        file,
        others.map((one) => bytesOf(one === record ? next : one === next ? record : one)),
      )
      const disk = archiveDisk(files)
      const { end } = readAll(disk)
      isAt(end, file, sequence, firstLine, firstLine)
      assert.deepEqual(verdicts(files, end), expectedVerdicts(files, end))
      assert.equal(judge(disk, folder, end, 8).is, 'corrupt')
    })
  }

  test('swapped with any other is seen', () => {
    let swaps = 0
    for (const one of records) {
      for (const other of records.filter(({ sequence }) => sequence > one.sequence)) {
        const swap = (stretch: Stretch) =>
          bytesOf(stretch === one ? other : stretch === other ? one : stretch)
        const files = {
          [november]: Buffer.concat(inFile(november).map(swap)),
          [december]: Buffer.concat(inFile(december).map(swap)),
        }
        const { end } = readAll(archiveDisk(files))
        isAt(end, one.file, one.sequence, one.firstLine, one.firstLine)
        swaps++
      }
    }
    assert.equal(swaps, 28)
  })
})
