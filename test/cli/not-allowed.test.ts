import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { notAllowed } from '../../src/cli/not-allowed.ts'

test('what this user may not read or write is named, with whose it is and how to open it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const key = join(folder, 'seal.key')
  writeFileSync(key, '')
  chmodSync(key, 0)
  const { uid } = userInfo()
  const owner = { uid, username: 'ruth' }
  const denied = (what: string, path: string) => `EACCES: permission denied, ${what} '${path}'`

  assert.equal(
    notAllowed(denied('open', key), 'serve', owner),
    `serve did not finish. ${key} is closed to ruth, who owns it (mode 000). Open it: chmod u+rwX '${key}'`,
  )
  assert.equal(
    notAllowed(`Nothing was changed. ${denied('open', key)}`, 'backup', { uid: uid + 1, username: 'www' }),
    `Nothing was changed. ${key} belongs to another user (number ${uid}), and this runs as www. ` +
      `Run ./thywill as the user of the site; if that is www: chown www '${key}'`,
  )
  const inFolder = [
    denied('open', join(folder, 'new', 'file')),
    denied('rename', `${key}' -> '${join(folder, 'x')}`),
  ]
  for (const said of inFolder)
    assert.ok(notAllowed(said, 'serve', owner)?.includes(`${folder} is closed to ruth`), said)
  assert.equal(
    notAllowed(`EROFS: read-only file system, open '${key}'`, 'serve', owner),
    `serve did not finish. Nothing can be written to ${key}: its disk is mounted read-only.`,
  )
  assert.equal(notAllowed('The cache is bent.', 'serve', owner), undefined)
})
