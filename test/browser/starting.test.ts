import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { readConfig } from '../../src/config.ts'
import type { Rebuild } from '../../src/ledger/rebuild.ts'
import { rebuildBeside } from '../../src/rebuild-beside.ts'
import { startServer } from '../../src/server.ts'
import { isOpenToAll } from './barriers.ts'
import { openBrowser } from './chromium.ts'
import { freePort } from './house.ts'
import { fits } from './narrow.ts'
import { claims, phone, someone } from './person.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser?.close())

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without'

  test(`what is sent while the site makes its cache comes back, and is sent again, ${how} JavaScript`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'thywill-starting-'))
    const config = readConfig({
      PORT: String(await freePort()),
      ARCHIVE_DIR: join(folder, 'archives'),
      CACHE_DIR: join(folder, 'cache'),
      BACKUP_DIR: join(folder, 'backups'),
      SECRETS_DIR: join(folder, 'secrets'),
      LOG_LEVEL: 'error',
    })
    const first = await startServer(config)
    const { rebuild, begun, release } = heldRebuild()
    let starting: Promise<typeof first> | undefined
    t.after(async () => {
      release()
      await (await starting)?.close()
      rmSync(folder, { recursive: true })
    })
    const ruth = await someone(t, browser, { url: config.baseUrl }, { javaScriptEnabled })
    await claims(ruth, first.firstLink ?? '', 'Ruth')
    await ruth.goto('/prayers/new')
    await ruth.getByLabel('What shall we pray for?').fill('Words of an hour.\n\nAnd of a night.')
    await ruth.getByText('More choices').click()
    await ruth.getByLabel('Who is it for?').fill('Lydia')
    await ruth.getByLabel('They know of it, and agree').check()
    await first.close()

    rmSync(config.cacheDir, { recursive: true })
    starting = startServer(config, undefined, rebuild)
    await begun
    await ruth.getByRole('button', { name: 'Continue' }).click()
    await ruth.getByRole('heading', { name: 'One moment: the site is getting ready' }).waitFor()
    const words = ruth.getByLabel('What shall we pray for?')
    assert.equal(await words.inputValue(), 'Words of an hour.\n\nAnd of a night.')
    assert.equal(await words.getAttribute('readonly'), '')
    assert.equal(await ruth.getByLabel('Who is it for?').inputValue(), 'Lydia')
    if (javaScriptEnabled) await isOpenToAll(ruth, 'a form that was sent during a start')
    await ruth.setViewportSize(phone)
    await fits(ruth, 'a form that was sent during a start')
    await ruth.getByRole('button', { name: 'Send it again' }).click()
    await ruth.getByRole('heading', { name: 'One moment: the site is getting ready' }).waitFor()

    release()
    await starting
    await ruth.getByRole('button', { name: 'Send it again' }).click()
    await ruth.getByRole('heading', { name: 'Check your words' }).waitFor()
    await ruth.getByRole('button', { name: 'Share with everyone here' }).click()
    await ruth.getByText('Shared. Everyone here can see it now.').waitFor()
    await ruth.getByText('And of a night.').waitFor()
  })
}

/** The real rebuild of a start, in its thread, which ends only when the test lets it. */
function heldRebuild() {
  const [began, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const rebuild: Rebuild = async (order, watch) => {
    const made = await rebuildBeside()(order, watch)
    began.resolve()
    await released.promise
    return made
  }
  return { rebuild, begun: began.promise, release: released.resolve }
}
