import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openOutbox } from '../../src/outside/outbox.ts'
import { smtpCarrier } from '../../src/outside/smtp.ts'
import { mailServer } from '../tools/mail-server.ts'

const letter = {
  to: 'ruth@mail.example',
  subject: 'Come in',
  words: 'Dear Ruth,\n\nthe number is 123456. Grüße',
}

/** Until it is so. */
async function until(isSo: () => boolean) {
  while (!isSo()) await new Promise((wake) => setTimeout(wake, 5))
}

test('a mail server gets a letter as it was given, to nobody else', async (t) => {
  const server = await mailServer(t)
  server.outbox.send(letter)
  const { to, subject, words, raw } = await server.letter()
  assert.deepEqual(to, ['ruth@mail.example'])
  assert.equal(subject, 'Come in')
  assert.equal(words.trim(), letter.words)
  assert.match(raw, /^From: ThyWill <pray@mail\.example>\r$/m)
  assert.match(raw, /^Auto-Submitted: auto-generated\r$/m)
})

test('a letter waits for a mail server that is down, and is let go when it stays so', async (t) => {
  const server = await mailServer(t, [150, 150])
  await server.stops()
  server.outbox.send(letter)
  await server.startsAgain()
  assert.equal((await server.letter()).words.trim(), letter.words)

  await server.stops()
  server.outbox.send(letter)
  await until(() => server.notSent.length > 0)
  assert.deepEqual(server.notSent, [{ code: 'ESOCKET', status: undefined, tries: 3 }])
})

test('what a mail server takes only later is sent again, and what it never takes is not', async (t) => {
  const server = await mailServer(t, [50])
  server.answers(451)
  server.outbox.send(letter)
  await until(() => server.notSent.length > 0)
  server.answers(550)
  server.outbox.send(letter)
  await until(() => server.notSent.length > 1)
  assert.deepEqual(server.notSent, [
    { code: 'EMESSAGE', status: 451, tries: 2 },
    { code: 'EMESSAGE', status: 550, tries: 1 },
  ])
  assert.deepEqual(server.taken, [])
})

test('why a letter was not sent says nothing of the letter', async () => {
  const why: unknown[] = []
  const outbox = openOutbox({
    carry: () => Promise.reject(new Error(`550 no such user: ${letter.to}, in: ${letter.words}`)),
    onFailure: (one) => why.push(one),
    pauses: [],
  })
  outbox.send(letter)
  await until(() => why.length > 0)
  assert.deepEqual(why, [{ code: 'UNKNOWN', status: undefined, tries: 1 }])
})

test('a flood of letters does not fill the memory, and closing does not wait for what may be tried later', async () => {
  let dropped = 0
  const outbox = openOutbox({
    carry: () => Promise.reject(new Error('down')),
    onFailure: ({ code }) => {
      if (code === 'FULL') dropped++
    },
    pauses: [3_600_000],
  })
  for (let count = 0; count < 1_500; count++) outbox.send(letter)
  assert.equal(dropped, 497, 'three are under way, a thousand wait')
  await outbox.close()
})

test('a way in never leaves this machine in clear', async (t) => {
  const server = await mailServer(t)
  // The same server by a name that is not one of this machine's own: it offers no encryption.
  const carry = smtpCarrier({ url: server.url.replace('127.0.0.1', '127.1'), from: 'pray@mail.example' })
  assert.equal(new URL(server.url.replace('127.0.0.1', '127.1')).hostname, '127.1', 'not read as an address')
  await assert.rejects(carry(letter), { code: /ETLS|EDNS|ESOCKET/ })
  assert.deepEqual(server.taken, [])
})
