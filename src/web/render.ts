import type { FastifyInstance, FastifyReply } from 'fastify'
import { isAdmin, isMember } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import type { Fragment, Fragments, Frame, Page, Pages } from '../queries/pages.ts'
import type { Assets } from './assets.ts'
import { newKey } from './keys.ts'
import type { Site } from './site.ts'
import { titles } from './titles.ts'
import { seenBy, viewEngine } from './views.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The one way to show a page. */
    show<P extends Page>(page: P, model: Pages[P]): string
    /** The one way to show what replaces part of the page at `path`. */
    showFragment<F extends Fragment>(fragment: F, model: Fragments[F], path: string): string
  }
}

export function addRendering(app: FastifyInstance, site: Site, { address }: Assets) {
  const views = viewEngine()

  function render(reply: FastifyReply, view: Page | Fragment, model: object, around: Frame) {
    reply.header('cache-control', 'no-store')
    // A live page has a type already.
    if (!reply.hasHeader('content-type')) reply.header('content-type', 'text/html; charset=utf-8')
    return views.render(view, seenBy(around, model, address))
  }

  app.decorateReply('show', function show<P extends Page>(this: FastifyReply, page: P, model: Pages[P]) {
    return render(this, page, model, frame(site, this, titles[page](model), this.request.url))
  })
  app.decorateReply(
    'showFragment',
    function showFragment(this: FastifyReply, fragment: Fragment, model: Fragments[Fragment], path: string) {
      return render(this, fragment, model, frame(site, this, '', path))
    },
  )
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
