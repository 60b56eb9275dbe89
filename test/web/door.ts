import assert from 'node:assert/strict'
import { memberByName } from '../../src/queries/members.ts'
import { openSignIns } from '../../src/queries/sign-ins.ts'
import { type Browser, type Place, wordsOf } from './browser.ts'

/** The number that the page at the door shows. */
export async function numberAt(browser: Browser): Promise<string> {
  const page = await browser.get('/sign-in/waiting')
  const [, number] = /<p class="code">(\d{3} \d{3})<\/p>/.exec(page.body) ?? []
  assert.ok(number, wordsOf(page))
  return number
}

/** A browser at the door, which says who it is. */
export async function knocks({ browser }: Place, name: string): Promise<Browser> {
  const stranger = browser()
  const answer = await stranger.post('/sign-in/door', { called: name })
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers.location, '/sign-in/waiting')
  return stranger
}

/** The attempts that still wait, once everything that follows an answer is done. */
export async function attempts({ here }: Place, name: string, count = 1): Promise<readonly string[]> {
  for (;;) {
    const member = memberByName(here.ledger.cache(), name)?.id ?? ''
    const open = openSignIns(here.ledger.cache(), member, here.now())
    if (open.length >= count) return open
    await new Promise((wake) => setTimeout(wake, 2))
  }
}
