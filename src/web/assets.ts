import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** The files of `public/`, read once. One hash names them all, so that the style sheet finds its fonts by relative paths. */
export interface Assets {
  readonly hash: string
  readonly files: ReadonlyMap<string, Asset>
  /** The address of one file; throws when there is none. */
  readonly address: (name: string) => string
}

interface Asset {
  readonly type: string
  readonly plain: Buffer
  /** Packed once, soon or when it is first asked for; not there for what would not get smaller. */
  readonly gzip?: () => Promise<Buffer>
  readonly brotli?: () => Promise<Buffer>
}

/** By then a start that has nothing to do is over: packing would take a tenth of it. */
const soon = 2000

/** Reads a folder of assets, and soon packs what gets smaller. */
export function readAssets(folder: string): Assets {
  const files = new Map<string, Asset>()
  const hash = createHash('sha256')
  for (const name of namesIn(folder)) {
    const plain = readFileSync(resolve(folder, name))
    hash.update(`${name}\n${plain.length}\n`).update(plain)
    files.set(name, packed(name, plain))
  }
  setTimeout(() => {
    for (const { gzip, brotli } of files.values()) void Promise.all([gzip?.(), brotli?.()])
  }, soon).unref()
  const text = hash.digest('hex').slice(0, 16)
  return {
    hash: text,
    files,
    address(name) {
      if (!files.has(name)) throw new Error(`there is no file "${name}" in public/`)
      return `/assets/${text}/${name}`
    },
  }
}

/** Serves them: for ever under their own hash, and just for now under an older one (a page opened before a restart). */
export function serveAssets(app: FastifyInstance, assets: Assets) {
  app.get<{ Params: Record<'hash' | '*', string> }>(
    '/assets/:hash/*',
    { config: { isPlain: true } },
    (request, reply) => {
      const asset = assets.files.get(request.params['*'])
      if (!asset) return reply.code(404).type('text/plain').send('There is no such file.\n')
      const isOurs = request.params.hash === assets.hash
      reply.header('cache-control', isOurs ? 'public, max-age=31536000, immutable' : 'no-cache')
      reply.header('vary', 'accept-encoding').type(asset.type)
      return send(asset, request, reply)
    },
  )
}

async function send(asset: Asset, request: FastifyRequest, reply: FastifyReply) {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (asset.brotli && /\bbr\b/.test(accepted))
    return reply.header('content-encoding', 'br').send(await asset.brotli())
  if (asset.gzip && /\bgzip\b/.test(accepted))
    return reply.header('content-encoding', 'gzip').send(await asset.gzip())
  return reply.send(asset.plain)
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

const namesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name).slice(resolve(folder).length + 1))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()

function packed(name: string, plain: Buffer): Asset {
  const type = types[extname(name)]
  if (type === undefined) throw new Error(`public/${name} is of a sort the site does not serve`)
  if (type === 'font/woff2') return { type, plain }
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
  return {
    type,
    plain,
    gzip: once(() => promisify(gzip)(plain, { level: 9 })),
    brotli: once(() => promisify(brotliCompress)(plain, { params })),
  }
}

function once<Result>(make: () => Result): () => Result {
  let made: Result | undefined
  return () => (made ??= make())
}
