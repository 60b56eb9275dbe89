import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import Fastify from 'fastify'
import { type Live, livePages } from '../../src/web/live.ts'

test('a live page shows that it lives, keeps every line of its markup, and ends after its time', async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  const pages: Live[] = []
  const open = livePages(app, { heartbeat: 20, longest: 400 })
  app.get('/', (_request, reply) => {
    pages.push(open(reply))
    return reply
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(url)
  let isOver = false
  pages[0]?.onEnd(() => {
    isOver = true
  })
  pages[0]?.send('progress', '<p>\n\ndata: x\n</p>')
  const text = await answer.text()
  assert.match(text, /^retry: 2000\n\n/)
  assert.ok((text.match(/^:$/gm) ?? []).length >= 3, 'it gave signs of life')
  assert.ok(text.includes('event: progress\ndata: <p>\ndata: \ndata: data: x\ndata: </p>\n\n'))
  await pause(10)
  assert.ok(isOver, 'whoever feeds it is told')
  pages[0]?.send('progress', '<p>late</p>')
})

test('a reader who goes is forgotten', async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  const open = livePages(app, { heartbeat: 20, longest: 60_000 })
  const gone = Promise.withResolvers<void>()
  app.get('/', (_request, reply) => {
    open(reply).onEnd(gone.resolve)
    return reply
  })
  const leaving = new AbortController()
  await fetch(await app.listen({ port: 0, host: '127.0.0.1' }), { signal: leaving.signal })
  leaving.abort()
  await gone.promise
})
