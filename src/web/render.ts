import view from '@fastify/view'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { holds, isAdmin, isMember, type Member } from '../kernel/actor.ts'
import { momentOf } from '../kernel/moment.ts'
import { mayTry } from '../kernel/permissions.ts'
import { knownSettings } from '../kernel/settings.ts'
import { isTimeZone } from '../kernel/zones.ts'
import { callFor } from '../queries/calls.ts'
import type { Reader } from '../queries/cards.ts'
import { careOf } from '../queries/care.ts'
import { unreadNotices } from '../queries/notices.ts'
import type { Frame } from '../queries/pages/frame.ts'
import type { Fragment, Fragments, Page, Pages } from '../queries/pages.ts'
import { settingsOf } from '../queries/settings.ts'
import { knockFor } from '../queries/sign-ins.ts'
import type { Assets } from './assets.ts'
import { newKey } from './keys.ts'
import type { Site } from './site.ts'
import { titles } from './titles.ts'
import { seenBy, viewEngine, viewsFolder } from './views.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The one way to show a page. */
    show<P extends Page>(page: P, model: Pages[P]): Promise<string>
    /** The one way to show what replaces part of the page at `path`. */
    showFragment<F extends Fragment>(fragment: F, model: Fragments[F], path: string): Promise<string>
  }
}

export async function addRendering(app: FastifyInstance, site: Site, assets: Assets) {
  const community = nameOfCommunity(site)
  await app.register(view, {
    engine: { eta: viewEngine() },
    root: viewsFolder,
    production: true,
    defaultContext: { asset: assets.address },
  })

  app.decorateReply('show', function show<P extends Page>(this: FastifyReply, page: P, model: Pages[P]) {
    this.header('cache-control', 'no-store')
    return this.viewAsync(
      page,
      seenBy(frame(site, community, this, titles[page](model), this.request.url), model),
    )
  })
  app.decorateReply(
    'showFragment',
    function showFragment(this: FastifyReply, fragment: Fragment, model: Fragments[Fragment], path: string) {
      this.header('cache-control', 'no-store')
      return this.viewAsync(fragment, seenBy(frame(site, community, this, '', path), model))
    },
  )
}

type NameOf = (reply: FastifyReply) => string

function frame(site: Site, community: NameOf, reply: FastifyReply, title: string, path: string): Frame {
  const { actor } = reply.request
  return {
    title,
    community: community(reply),
    reader: isMember(actor)
      ? { name: actor.name, isAdmin: isAdmin(actor), isModerator: holds(actor, 'moderator') }
      : null,
    path,
    notice: noticeOf(site),
    knock: isMember(actor) ? knockOf(site, actor) : null,
    care: isMember(actor) ? careOf(readingOf(site, actor)) : null,
    hasGiving: isServing(site, reply) && settingsOf(site.cache()).giving !== '',
    unread: isMember(actor) ? unreadNotices(readingOf(site, actor)) : 0,
    hasMail: site.outbox !== null,
    now: momentOf(site.source.now()),
    zone: zoneOf(site, reply),
    key: newKey(site.source),
  }
}

/** Somebody wants to come in as the reader; or, for who looks after others, somebody asks to be called. */
const knockOf = (site: Site, reader: Member) =>
  knockFor(site.cache(), reader.member, momentOf(site.source.now())) ??
  (mayTry(reader, 'takeCall') ? callFor(site.cache(), reader.member) : null)

/** What the script of the page has found out before (public/app.js); what no zone is called says nothing. */
function zoneOf(site: Site, reply: FastifyReply): string {
  const said = reply.request.cookies?.zone
  if (said !== undefined && isTimeZone(said)) return said
  return isServing(site, reply) ? settingsOf(site.cache()).timeZone : 'UTC'
}

/** Whether the cache can be asked: where something is broken, perhaps it is that. */
const isServing = (site: Site, { statusCode }: FastifyReply) => statusCode < 500 && site.readiness().ready

/** As it was last read where something is broken or not open yet: perhaps the cache is what cannot be asked. */
function nameOfCommunity(site: Site): NameOf {
  let known: string = knownSettings.community.byItself
  return ({ statusCode }) => {
    if (statusCode < 500 && site.readiness().ready) known = settingsOf(site.cache()).community
    return known
  }
}

const readingOf = (site: Site, reader: Member): Reader => ({
  ...{ cache: site.cache(), keyring: site.keyring },
  ...{ reader, now: momentOf(site.source.now()) },
})

function noticeOf(site: Site) {
  const state = site.state()
  return state.writable ? null : state.sentence
}
