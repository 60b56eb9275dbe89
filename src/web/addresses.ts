import { idPattern } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Whether the percent signs in an address stand for something; one that is bent leads where nothing is. */
export function isReadable(url: string): boolean {
  if (!url.includes('%')) return true
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '')
    return true
  } catch {
    return false
  }
}

/** A path of this site; never one that a browser would take for another place. */
export const localPath = (given: string): string | undefined =>
  /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(given) ? given : undefined

/** What was looked for, or the refusal that becomes "there is nothing here". */
export function found<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Refusal('not-found', 'Perhaps it was moved, or it was never here.')
  return thing
}

/** A place in the feed, `before=` of its address; undefined is the newest. */
export function placeIn(given: unknown): number | undefined {
  if (given === undefined) return undefined
  return found(typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : undefined)
}

/** The page that a form says it was on, where that is one of this site that shows requests; else the front. */
export const placeFrom = (given: string) => (isPlace(given) ? given : '/')

/** Where to go after a form about one request: back to it, on the page that the form was on. */
export function wayBack(given: string, prayer: string): string {
  if (isStep.test(given)) return given
  const isFeed = isPlace(given) && !given.startsWith('/prayers/')
  return isFeed ? `${given}#${prayer}` : `/prayers/${prayer}`
}

/** Of prayer time (rounds.ts): the request is the page. */
const isStep = /^\/pray\/[0-9a-z-]{1,400}\/[1-9]\d?$/
const prayerId = idPattern('prayer')
const memberId = idPattern('member')
const isProfile = (path: string) => {
  const [, id = ''] = /^\/people\/(\w+)(\?before=\d{1,15})?$/.exec(path) ?? []
  return memberId.test(id)
}
const isPlace = (path: string) =>
  path === '/' ||
  /^\/feed(\?((tab|topic|before|asOf)=[\w.-]{1,32}(&|$)){1,4})?$/.test(path) ||
  /^\/answered(\?((topic|before)=\w{1,32}(&|$)){1,2})?$/.test(path) ||
  isProfile(path) ||
  (path.startsWith('/prayers/') && prayerId.test(path.slice('/prayers/'.length)))
