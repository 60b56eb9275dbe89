import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { momentOf } from '../../kernel/moment.ts'
import { givingIn, reflectionFor, reflectionsIn } from '../../kernel/reflections.ts'
import { dayIn } from '../../kernel/zones.ts'
import { lately } from '../../queries/lately.ts'
import type { ReflectionPage } from '../../queries/pages/still.ts'
import { settingsOf } from '../../queries/settings.ts'
import { found } from '../addresses.ts'
import { versionsIn } from '../changelog.ts'
import { readerOf } from '../session.ts'
import type { Site } from '../site.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const verses = reflectionsIn(read('../reflections.txt'))

/** Pages that stay as they are for a day or for ever; all but what happened lately are for everybody to read. */
export function stillRoutes(app: FastifyInstance, site: Site) {
  const versions = versionsIn(read('../../../CHANGELOG.md'))

  app.get('/reflection', (_request, reply) => reply.show('still/reflection', found(reflection(site))))
  app.get('/creed', (_request, reply) => reply.show('still/creed', {}))
  app.get('/how-it-works', (_request, reply) => reply.show('still/how-it-works', {}))
  app.get('/whats-new', (_request, reply) => reply.show('still/whats-new', { versions }))
  app.get('/giving', (_request, reply) => {
    const links = givingIn(settingsOf(site.cache()).giving) ?? []
    return reply.show('still/giving', { links: found(links.length > 0 ? links : undefined) })
  })
  app.get('/lately', (request, reply) => reply.show('still/lately', lately(readerOf(site, request))))
}

/** The verse of the day that it is where the community is. */
function reflection(site: Site): ReflectionPage | undefined {
  const { reflections, timeZone } = settingsOf(site.cache())
  const own = reflectionsIn(reflections)
  const day = dayIn(timeZone, momentOf(site.source.now()))
  const one = reflectionFor(own.length > 0 ? own : verses, day)
  return one && { ...one, day }
}
