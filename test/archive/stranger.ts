/*
 * Reads an archive as somebody would who has nothing but the prose of archive-format.md. On purpose it shares no code
 * with src/ and checks only what the hashes are about; `node test/archive/stranger.ts archives` prints what it found.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

export interface Found {
  records: { sequence: number; header: string; fields: Record<string, string | null>; hash: string }[]
  head: string
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** Throws at the first line that is not as it should be. */
export function readArchive(folder: string): Found {
  const found: Found = { records: [], head: '0'.repeat(64) }
  const years = readdirSync(folder).filter((name) => /^\d{4}$/.test(name))
  const names = years.flatMap((year) => readdirSync(`${folder}/${year}`).map((name) => `${year}/${name}`))
  for (const name of names.filter((one) => one.endsWith('.txt')).sort())
    readSegment(`${folder}/${name}`, name, found)
  return found
}

function readSegment(path: string, name: string, found: Found) {
  const lines = readFileSync(path, 'utf8').split('\n')
  const must = (claim: boolean, line: number, what: string) => {
    if (!claim) throw new Error(`${name}, line ${line + 1}: ${what}`)
  }
  const next = found.records.length + 1
  must(lines[0] === `thywill archive 1 month ${name.slice(5, 12)} from ${next}`, 0, 'not the first line')
  must(lines[1] === `= ${found.head}` && lines[2] === '', 1, 'not the hash of the record before')
  must(lines.pop() === '', lines.length, 'the file does not end with a line feed')
  for (let at = 3; at < lines.length; ) {
    const header = lines[at] ?? ''
    const sequence = found.records.length + 1
    must(new RegExp(`^@${sequence}[+ ]`).test(header), at, `record ${sequence} should stand here`)
    let bare = `= ${found.head}\n\n${header}\n`
    const fields: Record<string, string | null> = {}
    for (at++; lines[at]?.startsWith('~'); ) {
      const [field = '', salt = '', digest = ''] = (lines[at] ?? '').slice(1).split(' ')
      const first = at++
      while (lines[at]?.startsWith('|')) at++
      const block = lines.slice(first, at)
      const text = block.slice(1).map((line) => line.slice(2))
      fields[field] = salt === 'erased' ? null : text.join('\n')
      bare += `~${field} erased ${salt === 'erased' ? digest : sha256(`${block.join('\n')}\n`)}\n`
    }
    found.head = sha256(bare)
    must(lines[at] === `= ${found.head}`, at, 'the closing line does not fit')
    must(lines[at + 1] === '', at + 1, 'no blank line')
    found.records.push({ sequence, header, fields, hash: found.head })
    at += 2
  }
}

if (import.meta.main) {
  const { records, head } = readArchive(process.argv[2] ?? 'archives')
  console.log(`${records.length} records, head ${head}`)
}
