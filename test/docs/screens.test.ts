import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { titles } from '../../src/web/titles.ts'
import { listOf, picturesIn } from '../browser/pictures.ts'

const folder = resolve(import.meta.dirname, '../../docs/screens')

/** Of a start, of work under way, of keys, of months changed from outside, and of letters, which the demo community does not send. */
const without = [
  ...['starting', 'recovery/work', 'recovery/edit-end', 'recovery/print'],
  ...['sign-ins/address', 'sign-ins/mail-link', 'sign-ins/mailed'],
]

test('every page is on a picture in docs/screens, and its list there names each of them', () => {
  const list = readFileSync(resolve(folder, 'README.md'), 'utf8')
  const pictures = picturesIn(list)
  assert.equal(listOf(pictures), list, 'as the script writes it')
  const files = readdirSync(folder).filter((name) => name !== 'README.md')
  assert.deepEqual(files.sort(), [...pictures.keys()].map((name) => `${name}.png`).sort())
  const shown = new Set([...pictures.values()].flat())
  assert.deepEqual(
    Object.keys(titles).filter((page) => !shown.has(page)),
    Object.keys(titles).filter((page) => without.includes(page)),
    'a new page needs its place in test/browser/screens-of-*.ts',
  )
  assert.deepEqual(
    [...shown].filter((page) => !(page in titles)),
    [],
    'a page that is no more needs none',
  )
})
