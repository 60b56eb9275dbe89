import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import type { Card, Fragment, Fragments, Frame, Page, Pages } from '../../src/queries/pages.ts'
import { seenBy, viewEngine, viewsFolder } from '../../src/web/views.ts'

const hostile = '<script>alert("1")</script> & \'x\' שלום\n\n= abc\n@1 …\n{{it.x}} <%= it %>'

const card: Card = {
  id: 'p_0123456789abcdef',
  author: hostile,
  isMine: false,
  postedAt: '2026-11-20T07:00:00.000Z',
  forWhom: hostile,
  request: hostile,
  people: 3,
  times: 7,
  mayMark: true,
  markedJustNow: false,
  undo: null,
}
const words = { request: hostile, forWhom: hostile, key: 'key' }
const right = { request: null, forWhom: null }

/** Each page with models that lead through every branch of its view. */
const pages: { readonly [P in Page]: readonly Pages[P][] } = {
  home: [{}],
  message: [
    { heading: 'H', sentence: hostile, way: null },
    { heading: 'H', sentence: 'S', way: { words: 'W', href: '/' } },
  ],
  'invites/claim': [
    { invitedBy: hostile, makesAdmin: false, token: 'token', name: hostile, mistakes: { name: hostile } },
    { invitedBy: null, makesAdmin: true, token: 'token', name: '', mistakes: { name: null } },
  ],
  'login-links/use': [
    { token: 'token', name: hostile },
    { token: 'token', name: null },
  ],
  'sessions/sign-in': [
    { link: '', mistakes: { link: null } },
    { link: hostile, mistakes: { link: 'L' } },
  ],
  'sessions/sign-out': [{ hasWayBack: false }, { hasWayBack: true }],
  'prayers/feed': [
    { cards: [], isNewest: true, older: null },
    { cards: [], isNewest: false, older: null },
    {
      cards: [
        card,
        { ...card, author: null, request: null, forWhom: null, mayMark: false, people: 0, times: 0 },
        { ...card, isMine: true, people: 1, times: 1, undo: 7, request: 'long '.repeat(900) },
        { ...card, mayMark: false, markedJustNow: true, undo: 7 },
        { ...card, mayMark: false, markedJustNow: true },
      ],
      isNewest: false,
      older: '/feed?before=7',
    },
  ],
  'prayers/prayer': [
    { card, isJustShared: false, prayedBy: null },
    { card: { ...card, isMine: true }, isJustShared: true, prayedBy: [] },
    {
      card,
      isJustShared: false,
      prayedBy: [
        { name: hostile, times: 1 },
        { name: null, times: 2 },
      ],
    },
  ],
  'prayers/ask': [
    { words, mistakes: right, problem: null },
    { words, mistakes: { request: 'R', forWhom: hostile }, problem: 'P' },
  ],
  'prayers/preview': [
    { words, author: hostile, people: 1 },
    { words: { ...words, forWhom: '' }, author: 'Ruth', people: 1234 },
  ],
}

const fragments: { readonly [F in Fragment]: readonly Fragments[F][] } = {
  'prayers/request': pages['prayers/prayer'],
}

const frame: Frame = {
  title: hostile,
  community: 'ThyWill',
  reader: { name: hostile, isAdmin: true },
  path: '/feed?before=9',
  notice: hostile,
  now: '2026-11-22T07:00:00.000Z',
  key: 'key',
}
const frames: readonly Frame[] = [frame, { ...frame, reader: null, notice: null, path: '/' }]

/** A model that does not forgive: reading what it does not have throws. */
function strict<Model>(model: Model): Model {
  if (typeof model !== 'object' || model === null) return model
  return new Proxy(model, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target)) throw new Error(`the view asks for "${key}"`)
      return strict(Reflect.get(target, key, receiver))
    },
  })
}

function* everyRendering() {
  const eta = viewEngine()
  const asset = (name: string) => `/assets/hash/${name}`
  for (const [name, models] of Object.entries({ ...pages, ...fragments })) {
    for (const model of models) {
      for (const around of frames) {
        yield { name, html: eta.render(name, { ...seenBy(strict(around), strict(model)), asset }) }
      }
    }
  }
}

test('a model that lacks what a view asks for is noticed', () => {
  const eta = viewEngine()
  const broken = { heading: 'H', sentence: 'S' }
  assert.throws(
    () => eta.render('message', { ...seenBy(strict(frame), strict(broken)), asset: String }),
    /"way"/,
  )
})

test('every view shows its model and nothing that is missing', () => {
  let count = 0
  for (const { name, html } of everyRendering()) {
    count++
    assert.doesNotMatch(html, /undefined|\[object |NaN|null/, name)
  }
  assert.ok(count >= 40, `only ${count} renderings`)
})

test('what people write is never markup', () => {
  for (const { name, html } of everyRendering()) assert.doesNotMatch(html, /<script>|alert\("/, name)
})

test('every tag is closed, in order', () => {
  for (const { name, html } of everyRendering()) {
    const open: string[] = []
    for (const [tag, slash, word = '', end] of html.matchAll(
      /<(\/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^">])*?(\/?)>/g,
    )) {
      if (slash) assert.equal(open.pop(), word, `${name}: ${tag}`)
      else if (!end && !isVoid.has(word)) open.push(word)
    }
    assert.deepEqual(open, [], name)
  }
})

test('no id stands twice on a page, and whatever describes something is there', () => {
  for (const { name, html } of everyRendering()) {
    // The feed of this test has the same card several times.
    if (name === 'prayers/feed') continue
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length, `${name}: ${ids}`)
    for (const [, named = ''] of html.matchAll(/ (?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)) {
      for (const id of named.split(' ')) assert.ok(ids.includes(id), `${name}: nothing is "${id}"`)
    }
  }
})

test('nothing is inline, so that the policy needs no exception', () => {
  for (const { name, html } of everyRendering())
    assert.doesNotMatch(html, / style="| on[a-z]+="|<style/, name)
})

test('every file in views/ is shown by some page', () => {
  const eta = viewEngine()
  const read = new Set<string>()
  const reading = eta.readFile
  eta.readFile = function (path) {
    read.add(path)
    return reading?.call(this, path) ?? ''
  }
  for (const [name, models] of Object.entries(pages)) {
    for (const model of models) eta.render(name, { ...seenBy(frame, model), asset: String })
  }
  const files = readdirSync(viewsFolder, { recursive: true, withFileTypes: true })
  const views = files.filter((file) => file.isFile()).map((file) => resolve(file.parentPath, file.name))
  assert.deepEqual([...read].sort(), views.sort())
})

const isVoid = new Set(['meta', 'link', 'input', 'br'])
