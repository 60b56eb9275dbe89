import type { Config } from '../../config.ts'
import { type Finding, orWell, watch, well, wrong } from './finding.ts'

/** The oldest Node.js that the code runs on. */
const oldestNode = 24

/** Whether this process runs from a bundle. */
export const checkBundle = (isBundled: boolean): Finding =>
  well(
    'bundle',
    isBundled
      ? 'This version starts from its bundle.'
      : 'This version starts from its sources. From a bundle it would be quicker: ./thywill bundle.',
  )

export function checkNode(version = process.versions.node): Finding {
  return Number.parseInt(version, 10) >= oldestNode
    ? well('node', `Node.js ${version}.`)
    : wrong('node', `Node.js ${version} is too old.`, `Install Node.js ${oldestNode} or newer.`)
}

/** A list of mistakes is no configuration: nothing else can be looked at. */
export const settingMistakes = (mistakes: readonly string[]): Finding[] =>
  mistakes.map((mistake) =>
    wrong('settings', `${mistake}.`, 'Change it in the environment or in .env; .env.example explains each.'),
  )

/** Settings that are each possible and do not go together. */
export function checkSettings(config: Config): readonly Finding[] {
  const found = addresses(config)
  if (config.archiveReadOnly)
    found.push(
      watch('settings', 'ARCHIVE_READ_ONLY is on: nothing is saved.', 'Set it to false when that is over.'),
    )
  if (config.rateLimits === 'off')
    found.push(
      watch('settings', 'RATE_LIMITS is off: anybody may ask as often as they like.', 'Set it to on.'),
    )
  return orWell(found, 'settings', `They go together. People come by ${config.baseUrl}.`)
}

const loopback = ['127.0.0.1', '::1', 'localhost']

/** The site speaks plain http: whoever types https reaches it through a proxy, and that has to be known. */
function addresses({ baseUrl, host, port, trustProxy }: Config): Finding[] {
  const found: Finding[] = []
  const isHttps = baseUrl.startsWith('https:')
  if (isHttps && trustProxy === false)
    found.push(
      watch(
        'settings',
        'BASE_URL is https and TRUST_PROXY is 0: everybody seems to come from the proxy, and shares its limit.',
        'Set TRUST_PROXY to the address of the proxy, or to 1 where nobody else reaches this port.',
      ),
    )
  if (!isHttps && trustProxy !== false)
    found.push(
      watch(
        'settings',
        `There is a proxy (TRUST_PROXY), and BASE_URL is still ${baseUrl}.`,
        'Set BASE_URL to the https address that people type.',
      ),
    )
  if (!isHttps && trustProxy === false && new URL(baseUrl).port !== String(port) && port !== 80)
    found.push(
      watch(
        'settings',
        `Links lead to ${baseUrl}, and the site listens on port ${port}.`,
        'Leave BASE_URL away, or give it that port.',
      ),
    )
  if (!isHttps && !loopback.includes(host))
    found.push(
      watch(
        'settings',
        `The site listens on ${host} and speaks plain http: links and cookies travel readable.`,
        'Put a proxy with https in front (deploy/README.md), or set HOST=127.0.0.1.',
      ),
    )
  return found
}
