import { createHash } from 'node:crypto'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Any bytes as a record, closed with the hash that fits them: what a wrong writer would leave, not what a bent disk does. */
export function forgedRecord(previous: string, body: Buffer): { bytes: Buffer; hash: string } {
  const hash = sha256(Buffer.concat([Buffer.from(`= ${previous}\n\n`), bareForm(body)]))
  return { bytes: Buffer.concat([body, Buffer.from(`= ${hash}\n\n`)]), hash }
}

/** A segment of such records, which begin with `@`. */
export function forgedSegment(bodies: readonly (string | Buffer)[], month = '2026-11'): Buffer {
  let hash = '0'.repeat(64)
  const parts: Buffer[] = [Buffer.from(`thywill archive 1 month ${month} from 1\n= ${hash}\n\n`)]
  for (const body of bodies) {
    const record = forgedRecord(hash, Buffer.from(body))
    parts.push(record.bytes)
    hash = record.hash
  }
  return Buffer.concat(parts)
}

/** Every run of a line that begins with "~" and the lines behind it that begin with "|" becomes the line that stands for it. */
function bareForm(body: Buffer): Buffer {
  const bare: Buffer[] = []
  let block: Buffer[] = []
  const end = () => {
    const field = block[0]?.toString('latin1').slice(1).split(' ')[0]
    if (block.length === 1) bare.push(...block)
    else if (block.length > 1)
      bare.push(Buffer.from(`~${field} erased ${sha256(Buffer.concat(block))}\n`, 'latin1'))
    block = []
  }
  for (const line of linesOf(body)) {
    if (line[0] === 0x7e) {
      end()
      block = [line]
    } else if (line[0] === 0x7c && block.length > 0) block.push(line)
    else {
      end()
      bare.push(line)
    }
  }
  end()
  return Buffer.concat(bare)
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const stop = bytes.indexOf(10, from)
    const end = stop < 0 ? bytes.length : stop + 1
    lines.push(bytes.subarray(from, end))
    from = end
  }
  return lines
}
