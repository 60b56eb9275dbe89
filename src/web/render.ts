import { resolve } from 'node:path'
import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { isAdmin, isMember } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import type { Fragment, Fragments, Frame, Page, Pages } from '../queries/pages.ts'
import type { Assets } from './assets.ts'
import { newKey } from './keys.ts'
import type { Site } from './site.ts'
import { titles } from './titles.ts'
import * as say from './words.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The one way to show a page. */
    show<P extends Page>(page: P, model: Pages[P]): Promise<string>
    /** The one way to show what replaces part of the page at `path`. */
    showFragment<F extends Fragment>(fragment: F, model: Fragments[F], path: string): Promise<string>
  }
}

/** Where the views are. */
export const viewsFolder = resolve(import.meta.dirname, '../../views')

/** What every view can use besides its model: `it.say` has the words for counts and times, `it.asset` the addresses of files. */
export const atHand = (assets: Assets) => ({ say, asset: assets.address })

export async function addRendering(app: FastifyInstance, site: Site, assets: Assets) {
  await app.register(view, {
    engine: { eta: engine() },
    root: viewsFolder,
    production: true,
    defaultContext: atHand(assets),
  })

  app.decorateReply('show', function show<P extends Page>(this: FastifyReply, page: P, model: Pages[P]) {
    this.header('cache-control', 'no-store')
    return this.viewAsync(page, { page: frame(site, this, titles[page](model), this.request.url), model })
  })
  app.decorateReply(
    'showFragment',
    function showFragment(this: FastifyReply, fragment: Fragment, model: Fragments[Fragment], path: string) {
      this.header('cache-control', 'no-store')
      return this.viewAsync(fragment, { page: frame(site, this, '', path), model })
    },
  )
}

/** Every view is named from the folder's root, so its path is known at once: Eta's own search costs as much as rendering. */
function engine() {
  const eta = new Eta()
  eta.resolvePath = (name) => `${viewsFolder}/${name}${name.endsWith('.eta') ? '' : '.eta'}`
  return eta
}

function frame(site: Site, reply: FastifyReply, title: string, path: string): Frame {
  const { actor } = reply.request
  return {
    title,
    community: 'ThyWill',
    reader: isMember(actor) ? { name: actor.name, isAdmin: isAdmin(actor) } : null,
    path,
    notice: noticeOf(site),
    now: momentOf(site.source.now()),
    key: newKey(site.source),
  }
}

function noticeOf(site: Site) {
  const state = site.state()
  return state.writable ? null : state.sentence
}
