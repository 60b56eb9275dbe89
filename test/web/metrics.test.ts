import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realDisk } from '../../src/archive/disk.ts'
import { catalogue } from '../../src/catalogue.ts'
import { tellBackedUp } from '../../src/commands/recovery.ts'
import { operator } from '../../src/kernel/actor.ts'
import { tables } from '../../src/records/kinds.ts'
import { figuresOf } from '../../src/reports/figures.ts'
import { community } from '../tools/community.ts'
import { command, home, inviteTo, memberAt, serve, undoing } from '../tools/site.ts'
import { place } from './browser.ts'

const on = { METRICS: 'on' }

/** What the text format allows (prometheus.io, "Exposition formats"), read strictly. */
function readExposition(text: string) {
  const values = new Map<string, number>()
  const types = new Map<string, string>()
  assert.ok(text.endsWith('\n'))
  let helped: string | undefined
  for (const line of text.split('\n').slice(0, -1)) {
    const [, comment, name = '', rest = ''] =
      /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? []
    if (comment === 'HELP') helped = name
    else if (comment === 'TYPE') {
      assert.equal(name, helped, 'HELP and TYPE stand together')
      assert.ok(!types.has(name), `${name} has one type`)
      assert.match(rest, /^(counter|gauge|histogram)$/)
      types.set(name, rest)
    } else {
      const sample =
        /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (-?[0-9.]+(?:e[+-]?\d+)?)$/
      const [, metric = '', labels = '', value] = sample.exec(line) ?? assert.fail(line)
      const [family = '', type] = [...types].at(-1) ?? []
      assert.equal(type === 'histogram' ? metric.replace(/_(bucket|sum|count)$/, '') : metric, family)
      assert.ok(!values.has(metric + labels), `${metric}${labels} stands once`)
      values.set(metric + labels, Number(value))
    }
  }
  for (const [name, type] of types) assert.equal(name.endsWith('_total'), type === 'counter', name)
  return values
}

test('unless METRICS is on there is no such page', async (t) => {
  const { browser, comes } = await place(t)
  const visitor = browser()
  assert.equal((await visitor.get('/metrics')).statusCode, (await visitor.get('/nothing')).statusCode)
  assert.equal((await (await comes('Ruth')).get('/metrics')).statusCode, 404)
})

test('nobody reads it through a proxy, even through one that should not have passed it on', async (t) => {
  const { browser } = await place(t, { env: on })
  for (const headers of [
    { 'x-forwarded-for': '203.0.113.9' },
    { forwarded: 'for=203.0.113.9' },
    { via: '1.1 proxy' },
  ]) {
    const answer = await browser().get('/metrics', headers)
    assert.equal(answer.statusCode, 401)
    assert.doesNotMatch(answer.body, /thywill_/)
  }
  assert.equal((await browser().get('/metrics')).statusCode, 200)
})

test('before the site is ready it says how the process is, and nothing of the archive', async (t) => {
  const readiness = () => ({ ready: false, phase: 'rebuilding', percent: 5, etaSeconds: 9 })
  const { browser } = await place(t, { env: on, site: () => ({ readiness, figures: () => undefined }) })
  const { body, statusCode } = await browser().get('/metrics')
  assert.equal(statusCode, 200)
  assert.doesNotMatch(body, /thywill_archive/)
  assert.ok((readExposition(body).get('process_resident_memory_bytes') ?? 0) > 10_000_000)
})

test('answers to people are counted by status and by how long they took, answers to machines are not', async (t) => {
  const { browser, comes } = await place(t, { env: on })
  const ruth = await comes('Ruth')
  const before = readExposition((await browser().get('/metrics')).body)
  for (const path of ['/', '/feed', '/nothing', '/healthz', '/readyz', '/metrics']) await ruth.get(path)
  const after = readExposition((await browser().get('/metrics')).body)
  const more = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  assert.equal(more('thywill_http_requests_total{status="2xx"}'), 2)
  assert.equal(more('thywill_http_requests_total{status="4xx"}'), 1)
  assert.equal(more('thywill_http_request_duration_seconds_count'), 3)
  assert.equal(more('thywill_http_request_duration_seconds_bucket{le="+Inf"}'), 3)
  assert.ok(more('thywill_http_request_duration_seconds_sum') > 0)
  const ends = [...after].filter(([name]) => name.includes('_bucket{')).map(([, count]) => count)
  assert.deepEqual(
    ends,
    ends.toSorted((one, other) => one - other),
    'each bucket holds the ones before',
  )
})

test('the figures are those of the archive and its cache', async (t) => {
  const here = await community(t)
  const { ledger } = here
  await here.joinsAsAdmin('Ruth')
  const [archive, folder] = [ledger.archive, `${ledger.archive}/../cache`]
  let now = Date.parse(here.now())
  const source = { now: () => now, bytes: () => new Uint8Array() }
  const figures = figuresOf(
    { disk: realDisk, source, archive, cache: folder, secrets: `${archive}/../secrets`, catalogue },
    ledger,
  )
  const first = figures()
  assert.equal(first.archive.records, ledger.head().sequence)
  assert.equal(first.archive.bytes, Buffer.byteLength(here.text()))
  assert.deepEqual(
    [first.archive.isHealthy, first.archive.isWritable, first.archive.segments],
    [true, true, 1],
  )
  assert.equal(Object.keys(first.cache.rows).length, tables.length)
  assert.equal(first.cache.rows.members, 1)
  assert.ok((first.free.archive ?? 0) > 0)
  assert.deepEqual([first.verifiedAt, first.backedUpAt, first.missingKeys], [undefined, undefined, 0])

  const { sequence, hash } = ledger.head()
  await here.does(operator, tellBackedUp, { records: sequence, head: hash, bytes: 1, milliseconds: 1 })
  await here.joins('Daniel')
  const second = figures()
  assert.equal(second.backedUpAt, Date.parse(here.now()))
  assert.equal(second.cache.rows.members, 1, 'rows are counted once a minute')
  now += 61_000
  assert.equal(figures().cache.rows.members, 2)
})

test('a running site tells Prometheus all of it, and nothing about anybody', async (t) => {
  const atEnd = undoing(t)
  const plain = await home()
  const here = { ...plain, env: { ...plain.env, ...on } }
  atEnd(() => here.remove())
  const site = await serve(here)
  atEnd(() => site.kill())
  const ruth = await memberAt(here, site.firstLink ?? '', 'Ruth')
  await ruth.post('/prayers', { request: 'For rain.', key: 'rain' })
  await inviteTo(here)
  assert.equal((await command(here, 'verify')).code, 0)

  const answer = await fetch(`${here.url}/metrics`)
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  const text = await answer.text()
  const values = readExposition(text)
  const { archive } = JSON.parse((await command(here, 'status', '--json')).output)
  assert.equal(values.get('thywill_archive_records'), archive.records)
  assert.equal(values.get('thywill_archive_bytes'), archive.bytes)
  assert.equal(values.get('thywill_archive_last_sequence'), archive.lastSequence)
  assert.equal(values.get('thywill_cache_cursor_sequence'), archive.lastSequence)
  assert.equal(values.get('thywill_archive_healthy'), 1)
  assert.equal(values.get('thywill_archive_writable'), 1)
  assert.equal(values.get('thywill_cache_rows{table="prayers"}'), 1)
  assert.ok(
    Math.abs((values.get('thywill_last_verification_timestamp_seconds') ?? 0) - Date.now() / 1000) < 60,
  )
  assert.ok(Math.abs((values.get('process_start_time_seconds') ?? 0) - Date.now() / 1000) < 120)
  assert.ok((values.get('nodejs_eventloop_lag_p99_seconds') ?? -1) >= 0)
  assert.doesNotMatch(text, /Ruth|rain|m_[0-9a-z]{16}|a_[0-9a-z]{16}|127\.0\.0\.1/)
})
