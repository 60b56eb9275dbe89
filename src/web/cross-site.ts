import type { FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.ts'

/** What a browser says about where a request comes from. */
export interface Provenance {
  readonly method: string
  readonly fetchSite: string | undefined
  readonly origin: string | undefined
  readonly host: string | undefined
}

/**
 * Whether another site made a browser send this, as Go's http.CrossOriginProtection decides: `Sec-Fetch-Site` when the
 * browser has it, else the origin against the host (or against the address people type, where a proxy changes the host).
 * No browser sends an unsafe request across sites without either.
 */
export function isCrossSite(from: Provenance, baseUrl: string): boolean {
  if (safeMethods.has(from.method)) return false
  if (from.fetchSite) return from.fetchSite !== 'same-origin' && from.fetchSite !== 'none'
  if (from.origin === undefined) return false
  if (from.origin === baseUrl) return false
  // The scheme is not compared: behind a proxy we cannot know it. The default port goes with it.
  return !from.host || hostOf(from.origin) !== hostOf(`//${from.host}`, from.origin)
}

/** Whether another site made a browser send this request. */
export function isFromElsewhere({ method, headers }: FastifyRequest, baseUrl: string): boolean {
  const fetchSite = headers['sec-fetch-site']
  return isCrossSite(
    { method, fetchSite: fetchSite?.toString(), origin: headers.origin, host: headers.host },
    baseUrl,
  )
}

/** Refuses what another site made a browser send. */
export function refuseCrossSite(request: FastifyRequest, baseUrl: string) {
  if (!isFromElsewhere(request, baseUrl)) return
  throw new Refusal('forbidden', 'This came from another site, so nothing was done. Do it again from here.')
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Never equal to anything when it is no address: an origin of `null` is nobody's. */
function hostOf(address: string, base?: string): string | symbol {
  return URL.canParse(address, base) ? new URL(address, base).host : Symbol('no host')
}
