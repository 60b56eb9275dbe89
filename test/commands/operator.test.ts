import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { catalogue } from '../../src/catalogue.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { world } from '../../src/kernel/stamp.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { forOperator, performAsOperator } from '../../src/operator.ts'

test('an operator who can save nothing reads why, and nothing of words in a form', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  let isFull = false
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const ledger = await openLedger({
    disk: {
      ...realDisk,
      write(file, bytes, from) {
        if (isFull) throw full()
        return realDisk.write(file, bytes, from)
      },
    },
    source: world,
    archive: join(folder, 'archives'),
    cache: join(folder, 'cache'),
    secrets: join(folder, 'secrets'),
    catalogue,
    isReadOnly: false,
  })
  t.after(async () => {
    await ledger.close()
    rmSync(folder, { recursive: true })
  })
  isFull = true
  for (const time of ['first', 'second'])
    await assert.rejects(
      forOperator(ledger, () => performAsOperator(ledger.record, 'issueInvite', {})),
      (error) => {
        assert.ok(error instanceof Refusal)
        assert.match(error.message, /^Nothing was changed\. .*ENOSPC/, time)
        return true
      },
    )
})
