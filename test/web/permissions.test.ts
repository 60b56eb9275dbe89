import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { suite, type TestContext, test } from 'node:test'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { actors, type Scene, scene, type Who } from './scene.ts'

/*
 * Every route × everybody who could ask: the status of the answer. The routes are those that the site really has, so a
 * new one without a row fails here.
 */

type Statuses = Readonly<Record<Who, number>>

interface Row {
  /** Where they ask, when the route has a parameter. */
  readonly at?: (scene: Scene, who: Who) => string | Promise<string>
  /** What their form holds. */
  readonly form?: (scene: Scene, who: Who) => Readonly<Record<string, string>>
  readonly answers: Statuses
}

/** The same for all, save for some. */
const all = (status: number, but: Partial<Statuses> = {}): Statuses => ({
  ...{ visitor: status, waiting: status, deactivated: status, member: status, author: status, apart: status },
  ...{ team: status, moderator: status, admin: status },
  ...but,
})

/** For whoever belongs here; nobody else learns whether it is there. */
const members = (status: number, but: Partial<Statuses> = {}) =>
  all(status, { visitor: 401, waiting: 401, deactivated: 401, ...but })

/** For everybody but admins it is not there. */
const admins = (status: number) => members(404, { admin: status })

const request = ({ prayer }: Scene) => `/prayers/${prayer}`

const rows: Readonly<Record<string, Row>> = {
  'GET /': { answers: all(200) },
  'GET /healthz': { answers: all(200) },
  'GET /readyz': { answers: all(200) },
  'GET /metrics': { answers: all(404, { visitor: 401, waiting: 401, deactivated: 401 }) },
  'GET /assets/:hash/*': { at: ({ asset }) => asset, answers: all(200) },

  'GET /sign-in': {
    answers: all(302, { visitor: 200, waiting: 200, deactivated: 200 }),
  },
  'POST /sign-in': { form: () => ({ link: 'no link' }), answers: all(422) },
  'GET /sign-in/:token': { at: ({ loginLink }) => loginLink(), answers: all(200) },
  'POST /sign-in/:token': { at: ({ loginLink }) => loginLink(), answers: all(303) },
  'GET /sign-out': { answers: members(200) },
  'POST /sign-out': { answers: all(303) },
  'GET /claim/:token': { at: ({ invite }) => invite(), answers: all(200) },
  'POST /claim/:token': {
    at: ({ invite }) => invite(),
    form: () => ({ name: 'Somebody new' }),
    answers: all(403, { visitor: 303, waiting: 303, deactivated: 303 }),
  },

  'GET /feed': { answers: members(200) },
  'GET /prayers': { answers: members(302) },
  'POST /prayers': { form: () => ({ request: 'Please.' }), answers: members(303) },
  'GET /prayers/new': { answers: members(200) },
  'POST /prayers/new': { form: () => ({ request: 'Please.' }), answers: members(200) },
  'GET /prayers/preview': { answers: members(302) },
  'POST /prayers/preview': { form: () => ({ request: 'Please.' }), answers: members(200) },
  'GET /prayers/:prayer': { at: request, answers: members(200, { apart: 404 }) },
  'POST /prayers/:prayer/marks': {
    at: (scene) => `${request(scene)}/marks`,
    answers: members(303, { apart: 404 }),
  },
  'POST /prayers/:prayer/unmarks': {
    at: (scene) => `${request(scene)}/unmarks`,
    form: () => ({ mark: '1' }),
    answers: members(404),
  },

  'GET /admin/recovery': { answers: admins(200) },
  'GET /admin/recovery/segments': { answers: admins(200) },
  'GET /admin/recovery/coverage': { answers: admins(200) },
  'GET /admin/recovery/history': { answers: admins(200) },
  'GET /admin/recovery/growth': { answers: admins(200) },
  'GET /admin/recovery/problems': { answers: admins(200) },
  'GET /admin/recovery/work': { answers: admins(200) },
  'POST /admin/recovery/work': { form: () => ({ kind: 'verify' }), answers: admins(303) },
  'POST /admin/recovery/work/end': { answers: admins(303) },
  'GET /admin/recovery/progress': { answers: admins(204) },
  // This server watches no month, so there is no edit to end.
  'GET /admin/recovery/edits': { answers: admins(200) },
  'POST /admin/recovery/edits': { answers: members(404) },
  'GET /admin/recovery/edits/:month/restore': { at: () => anEdit('restore'), answers: members(404) },
  'POST /admin/recovery/edits/:month/restore': { at: () => anEdit('restore'), answers: members(404) },
  'GET /admin/recovery/edits/:month/accept': { at: () => anEdit('accept'), answers: members(404) },
  'POST /admin/recovery/edits/:month/accept': { at: () => anEdit('accept'), answers: members(404) },
  'GET /admin/recovery/sheet': { answers: admins(200) },
  'POST /admin/recovery/sheet': { answers: admins(422) },
  'GET /admin/recovery/sheet/print': { answers: admins(302) },
  'POST /admin/recovery/sheet/print': { answers: admins(200) },
}

const anEdit = (way: string) => `/admin/recovery/edits/2026-11/${way}`

/** The routes of the site that is built meanwhile. */
async function routesOf<Built>(build: () => Promise<Built>) {
  const routes = new Set<string>()
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      // A HEAD is the GET without its body, by the framework.
      for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url}`)
    })
  }
  subscribe('fastify.initialization', watch)
  try {
    return { routes, built: await build() }
  } finally {
    unsubscribe('fastify.initialization', watch)
  }
}

/** What is asked at each route, as its row says. */
async function asked(there: Scene, route: string, who: Who) {
  const [method, url = ''] = route.split(' ')
  const row = rows[route]
  assert.ok(row, route)
  const at = (await row.at?.(there, who)) ?? url
  const browser = there.browsers[who]
  if (method === 'GET') return browser.get(at)
  return browser.post(at, row.form?.(there, who) ?? {})
}

async function answersOf(there: Scene, route: string): Promise<Statuses> {
  const answers: Partial<Record<Who, number>> = {}
  for (const who of actors) answers[who] = (await asked(there, route, who)).statusCode
  return answers as Statuses
}

test('every route has its row in the table, and every row its route', async (t) => {
  const { routes } = await routesOf(() => scene(t))
  assert.deepEqual([...routes].sort(), Object.keys(rows).sort())
})

suite('who may', () => {
  test('open each page, and that opening it changes nothing', async (t) => {
    const there = await scene(t)
    for (const [route, { answers }] of Object.entries(rows)) {
      if (!route.startsWith('GET ')) continue
      there.here.written()
      assert.deepEqual(await answersOf(there, route), answers, route)
      const written = there.here.written().filter((header) => !isLink(header))
      assert.deepEqual(written, [], route)
    }
  })

  for (const route of Object.keys(rows).filter((route) => !route.startsWith('GET ')))
    test(route, async (t: TestContext) => {
      assert.deepEqual(await answersOf(await scene(t), route), rows[route]?.answers)
    })
})

/** What a row itself makes so that there is something to open. */
const isLink = (header: string) => /^(invite|login-link)\.(issued|revoked)/.test(header)
