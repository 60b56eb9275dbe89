import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCrossSite } from '../../src/web/cross-site.ts'

const baseUrl = 'https://pray.example'

/** As Go's http.CrossOriginProtection is tested. */
const table: readonly [
  what: string,
  method: string,
  fetchSite: string | undefined,
  origin: string | undefined,
  isRefused: boolean,
][] = [
  ['a form of ours', 'POST', 'same-origin', 'https://pray.example', false],
  ['something the person typed', 'POST', 'none', undefined, false],
  ['a form elsewhere', 'POST', 'cross-site', 'https://evil.example', true],
  ['a neighbour under the same domain', 'POST', 'same-site', 'https://chat.example', true],
  ['a browser that says cross-site, whatever the origin', 'POST', 'cross-site', 'https://pray.example', true],
  ['a word no browser says', 'POST', 'who-knows', undefined, true],
  ['no browser at all', 'POST', undefined, undefined, false],
  ['an older browser, here', 'POST', undefined, 'https://pray.example', false],
  ['an older browser, here, in capitals', 'POST', undefined, 'https://PRAY.example', false],
  ['an older browser, here, with the port', 'POST', undefined, 'https://pray.example:443', false],
  ['an older browser, elsewhere', 'POST', undefined, 'https://evil.example', true],
  ['an older browser, another port', 'POST', undefined, 'https://pray.example:8443', true],
  ['an older browser, a longer name', 'POST', undefined, 'https://pray.example.evil.example', true],
  ['an older browser that hides where it is', 'POST', undefined, 'null', true],
  ['an empty origin', 'POST', undefined, '', true],
  ['an empty word', 'POST', '', 'https://evil.example', true],
  ['looking, from elsewhere', 'GET', 'cross-site', undefined, false],
  ['looking at the head, from elsewhere', 'HEAD', 'cross-site', 'https://evil.example', false],
  ['asking what may be, from elsewhere', 'OPTIONS', 'cross-site', undefined, false],
  ['deleting, from elsewhere', 'DELETE', 'cross-site', undefined, true],
  ['putting, from elsewhere', 'PUT', undefined, 'https://evil.example', true],
]

for (const [what, method, fetchSite, origin, isRefused] of table) {
  test(`${what} is ${isRefused ? 'refused' : 'let in'}`, () => {
    const from = { method, fetchSite, origin, host: 'pray.example' }
    assert.equal(isCrossSite(from, baseUrl), isRefused)
  })
}

test('a proxy that changes the host does not lock an older browser out', () => {
  const from = { method: 'POST', fetchSite: undefined, origin: baseUrl, host: '10.0.0.5:8000' }
  assert.equal(isCrossSite(from, baseUrl), false)
})

test('an origin never equals a host that is missing', () => {
  const from = { method: 'POST', fetchSite: undefined, origin: 'https://undefined', host: undefined }
  assert.equal(isCrossSite(from, baseUrl), true)
})
