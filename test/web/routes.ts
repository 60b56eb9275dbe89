import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'

/** The routes of the site that is built meanwhile, as `GET /people/:member`; `also` may add to that site. */
export async function routesOf<Built>(build: () => Promise<Built>, also = (_site: FastifyInstance) => {}) {
  const routes = new Set<string>()
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      // A HEAD is the GET without its body, by the framework.
      for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url}`)
    })
    also(fastify)
  }
  subscribe('fastify.initialization', watch)
  try {
    return { routes, built: await build() }
  } finally {
    unsubscribe('fastify.initialization', watch)
  }
}
