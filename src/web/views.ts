import { resolve } from 'node:path'
import { Eta } from 'eta'
import * as numbers from '../kernel/numbers.ts'
import { plain } from '../kernel/zones.ts'
import type { Frame } from '../queries/pages/frame.ts'
import * as topics from './topics.ts'
import * as words from './words.ts'

const { timeWords, ...others } = words

/** The words that views say, by the zone of their times: made once for each. */
const sayings = new Map<string, typeof others & typeof numbers & typeof topics & words.TimeWords>()

/** Where the views are. */
export const viewsFolder = resolve(import.meta.dirname, '../../views')

/** Reads a view once. It is named from the folder's root, so its path needs no search: that took as long as rendering. */
export function viewEngine() {
  const eta = new Eta({ cache: true, views: viewsFolder })
  const paths = new Map<string, string>()
  eta.resolvePath = (name) => {
    const known = paths.get(name)
    if (known !== undefined) return known
    const path = resolve(viewsFolder, `./${name.replace(/\.eta$/, '')}.eta`)
    paths.set(name, path)
    return path
  }
  return eta
}

/** What a view sees: its model, what stands around it, and the words for times and counts. */
export function seenBy<Model>(page: Frame, model: Model) {
  const zone = plain(page.zone)
  const say = sayings.get(zone) ?? { ...others, ...numbers, ...topics, ...timeWords(page.zone) }
  sayings.set(zone, say)
  return { page, model, say, ago: say.agoFrom(page.now) }
}
