import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { readAssets, serveAssets } from '../../src/web/assets.ts'

const folder = resolve(import.meta.dirname, '../../public')

function serving(from = folder) {
  const app = Fastify()
  const assets = readAssets(from)
  serveAssets(app, assets)
  return { app, assets }
}

function copied(t: TestContext) {
  const copy = mkdtempSync(join(tmpdir(), 'thywill-public-'))
  t.after(() => rmSync(copy, { recursive: true }))
  cpSync(folder, copy, { recursive: true })
  return copy
}

test('a file under its own hash may be kept for ever', async () => {
  const { app, assets } = serving()
  const answer = await app.inject(assets.address('app.css'))
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(answer.headers['content-type'], 'text/css; charset=utf-8')
  assert.equal(answer.body, readFileSync(join(folder, 'app.css'), 'utf8'))
})

test('a page from before a restart still finds its style, and keeps it no longer than that', async () => {
  const { app } = serving()
  const answer = await app.inject('/assets/0123456789abcdef/app.css')
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['cache-control'], 'no-cache')
})

test('the hash changes when any file does', (t) => {
  const copy = copied(t)
  const { hash } = readAssets(copy)
  assert.equal(readAssets(copy).hash, hash)
  writeFileSync(join(copy, 'fonts', 'OFL.txt'), 'other')
  assert.notEqual(readAssets(copy).hash, hash)
})

test('text travels packed to whoever can unpack it, and the same', async () => {
  const { app, assets } = serving()
  const url = assets.address('app.js')
  const plain = await app.inject(url)
  const gzip = await app.inject({ url, headers: { 'accept-encoding': 'gzip, deflate' } })
  const brotli = await app.inject({ url, headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } })
  assert.equal(gzip.headers['content-encoding'], 'gzip')
  assert.equal(brotli.headers['content-encoding'], 'br')
  assert.deepEqual(gunzipSync(gzip.rawPayload), plain.rawPayload)
  assert.deepEqual(brotliDecompressSync(brotli.rawPayload), plain.rawPayload)
  for (const answer of [plain, gzip, brotli]) assert.equal(answer.headers.vary, 'accept-encoding')
})

test('a file that is not there is not there, nor is anything outside the folder', async () => {
  const { app, assets } = serving()
  for (const name of ['none.css', '..%2fpackage.json', '%2e%2e/package.json', 'fonts', 'constructor']) {
    const answer = await app.inject(`/assets/${assets.hash}/${name}`)
    assert.equal(answer.statusCode, 404, name)
  }
  assert.throws(() => assets.address('none.css'), /no file "none.css"/)
})

test('a sort of file that the site does not know stops the start', (t) => {
  const copy = copied(t)
  writeFileSync(join(copy, 'page.html'), '')
  assert.throws(() => readAssets(copy), /page\.html/)
})

test('every file that the style sheet names is there, and nothing comes from elsewhere', () => {
  const { files } = readAssets(folder)
  const css = files.get('app.css')?.plain.toString() ?? ''
  const urls = [...css.matchAll(/url\("([^"]+)"\)/g)].map(([, url]) => url ?? '')
  assert.ok(urls.length > 0)
  for (const url of urls) assert.ok(files.has(url), url)
})

test('the style is at most 8 KB and the script at most 6 KB on the way', () => {
  const { files } = readAssets(folder)
  const packed = (name: string) => gzipSync(files.get(name)?.plain ?? '').length
  assert.ok(packed('app.css') <= 8 * 1024, `${packed('app.css')} bytes`)
  assert.ok(packed('app.js') <= 6 * 1024, `${packed('app.js')} bytes`)
})

test('the layout needs nothing that iOS 15 or Chrome 100 lack', () => {
  const css = readFileSync(join(folder, 'app.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  assert.doesNotMatch(css, /@layer|@container|:has\(|light-dark\(|&|popover/)
})
