import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { askServer, controlPath, type Handler, serveControl } from '../../src/ledger/control.ts'

async function listening(t: TestContext, handle: Handler) {
  const folder = mkdtempSync(join(tmpdir(), 'thywill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return { folder, control: await serveControl(folder, handle) }
}

/** Work that goes on until somebody ends it, and what has become of it. */
function endless() {
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  let end = (_reason: unknown) => {}
  const ended = new Promise<unknown>((resolve) => {
    end = resolve
  })
  const handle: Handler = (_request, _onProgress, signal) => {
    begin()
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        end(signal.reason)
        reject(signal.reason)
      }),
    )
  }
  return { handle, begun, ended }
}

test('what somebody asked for ends when they go away', { timeout: 10_000 }, async (t) => {
  const { handle, begun, ended } = endless()
  const { folder, control } = await listening(t, handle)
  const socket = createConnection(controlPath(folder))
  await once(socket, 'connect')
  socket.write('{"name":"rebuild","input":{}}\n')
  await begun
  socket.destroy()
  assert.match(String(await ended), /Nobody waits for it any more/)
  await control.close()
})

test('a server that stops ends what can be ended, says so, and does not wait for who asks nothing', {
  timeout: 10_000,
}, async (t) => {
  const { handle, begun } = endless()
  const { folder, control } = await listening(t, handle)
  const idle = createConnection(controlPath(folder))
  await once(idle, 'connect')
  const gone = once(idle, 'close')
  const asked = assert.rejects(askServer(folder, { name: 'rebuild', input: {} }), /The site is stopping/)
  await begun
  await control.close()
  await Promise.all([asked, gone])
})

test('a server that stops finishes what cannot be ended', { timeout: 10_000 }, async (t) => {
  let finish = () => {}
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const { folder, control } = await listening(t, () => {
    begin()
    return new Promise((resolve) => {
      finish = () => resolve('done')
    })
  })
  const asked = askServer(folder, { name: 'issueInvite', input: {} })
  await begun
  const closing = control.close()
  setTimeout(finish, 50)
  await closing
  assert.deepEqual(await asked, { result: 'done' })
})
