import { existsSync, readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import * as z from 'zod'
import { leadsInto, realPath } from './paths.ts'

export type Config = Readonly<ReturnType<typeof readConfig>>
export type Environment = Readonly<Record<string, string | undefined>>

/** The start stops, and says every mistake. */
export class ConfigMistakes extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`The configuration is not right:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`)
    this.name = 'ConfigMistakes'
    this.mistakes = mistakes
  }
}

/** What the process was started with, and what `.env` adds: the only place that reads it. */
export function environment(): Environment {
  const file = fromProject('.env')
  if (existsSync(file)) process.loadEnvFile(file)
  return process.env
}

/** Every setting, checked; throws ConfigMistakes with all that is wrong. */
export function readConfig(env: Environment) {
  const mistakes: string[] = []
  const outcome = settings.safeParse(withFiles(env, mistakes))
  for (const issue of outcome.error?.issues ?? []) mistakes.push(`${issue.path.join('.')} ${issue.message}`)
  if (outcome.data) mistakes.push(...nested(outcome.data), ...halfMail(outcome.data))
  if (!outcome.success || mistakes.length > 0) throw new ConfigMistakes(mistakes)

  const given = outcome.data
  return {
    host: given.HOST,
    port: given.PORT,
    baseUrl: given.BASE_URL ?? `http://localhost:${given.PORT}`,
    archiveDir: given.ARCHIVE_DIR,
    cacheDir: given.CACHE_DIR,
    backupDir: given.BACKUP_DIR,
    secretsDir: given.SECRETS_DIR,
    trustProxy: given.TRUST_PROXY,
    logLevel: given.LOG_LEVEL,
    archiveReadOnly: given.ARCHIVE_READ_ONLY,
    rateLimits: given.RATE_LIMITS,
    metrics: given.METRICS,
    mailUrl: given.MAIL_URL,
    mailFrom: given.MAIL_FROM,
  }
}

/** Relative paths start at the project's folder, wherever the process was started. */
const fromProject = (path: string) => resolve(import.meta.dirname, '..', path)

const folderNames = ['ARCHIVE_DIR', 'CACHE_DIR', 'BACKUP_DIR', 'SECRETS_DIR'] as const

/**
 * Each folder is handled as a whole: the archive and its backups are copied away, caches may be deleted, keys belong with
 * neither. So none may lie in another, wherever links lead.
 */
function* nested(given: Readonly<Record<(typeof folderNames)[number], string>>): Generator<string> {
  const folders = folderNames.map((name) => ({ name, path: realPath(given[name]) }))
  for (const [index, one] of folders.entries())
    for (const other of folders.slice(index + 1)) {
      const [inner, outer] = leadsInto(one.path, other.path) ? [one, other] : [other, one]
      if (one.path === other.path)
        yield `${other.name} must not be the same folder as ${one.name}: ${given[one.name]}`
      else if (leadsInto(inner.path, outer.path))
        yield `${inner.name} must not lie in ${outer.name}: ${given[inner.name]}`
    }
}

/** Without mail the site has one way in less, and nothing else is missing; half of it would look like mail and be none. */
function* halfMail({
  MAIL_URL,
  MAIL_FROM,
}: {
  MAIL_URL?: string | undefined
  MAIL_FROM?: string | undefined
}) {
  if (MAIL_URL && !MAIL_FROM) yield 'MAIL_FROM must be given with MAIL_URL: the address that mail comes from'
  if (MAIL_FROM && !MAIL_URL) yield 'MAIL_URL must be given with MAIL_FROM: the server that takes the mail'
}

const folder = (path: string) =>
  z
    .string()
    .default(path)
    .transform(fromProject)
    .refine((given) => statSync(given, { throwIfNoEntry: false })?.isDirectory() !== false, {
      error: ({ input }) => `must be a folder, and this is none: ${input}`,
    })

const choice = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be one of: ${words.join(', ')}` })

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
  .transform(Number)
  .refine((given) => given <= 65_535, 'must be a number from 0 to 65535')

const baseUrl = z.string().transform((given, context) => {
  const url = URL.canParse(given) ? new URL(given) : undefined
  const mistake = mistakeInBaseUrl(url)
  if (mistake === undefined && url) return url.origin
  context.addIssue(mistake ?? 'must be an address')
  return z.NEVER
})

/** What is wrong with it must not be shown with it: it may hold a password. */
const mailUrl = z
  .string()
  .refine(
    (given) => URL.canParse(given) && /^smtps?:\/\/[^/]/.test(given) && new URL(given).hostname !== '',
    'must be an address such as smtps://name:password@mail.example:465',
  )

const mailFrom = z
  .string()
  .regex(
    /^([^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
    'must be an address such as ThyWill <pray@mail.example>',
  )

const trustProxy = z.string().transform((given, context): false | number | string => {
  if (/^\d{1,2}$/.test(given)) return given === '0' ? false : Number(given)
  if (given.split(',').every(isAddress)) return given
  context.addIssue('must be a number of hops, or addresses with commas between them; never "true"')
  return z.NEVER
})

/** An IP address, or a range of them such as 10.0.0.0/8. */
function isAddress(given: string) {
  const [address = '', length, ...rest] = given.trim().split('/')
  const version = isIP(address)
  const isLength =
    length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128))
  return version !== 0 && isLength && rest.length === 0
}

const settings = z.object({
  HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  PORT: port.default(8000),
  BASE_URL: baseUrl.optional(),
  ARCHIVE_DIR: folder('archives'),
  CACHE_DIR: folder('cache'),
  BACKUP_DIR: folder('backups'),
  SECRETS_DIR: folder('secrets'),
  TRUST_PROXY: trustProxy.default(false),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ARCHIVE_READ_ONLY: choice(['true', 'false'])
    .transform((given) => given === 'true')
    .default(false),
  RATE_LIMITS: choice(['on', 'off']).default('on'),
  METRICS: choice(['on', 'off']).default('off'),
  MAIL_URL: mailUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
})

/** `NAME_FILE` names a file that holds the value of `NAME`; an empty value is none. */
function withFiles(env: Environment, mistakes: string[]) {
  const values: Record<string, string> = {}
  for (const name of Object.keys(settings.shape)) {
    const value = env[name]
    const file = env[`${name}_FILE`]
    if (value && file) mistakes.push(`${name} and ${name}_FILE are both given: one must go`)
    else if (value) values[name] = value
    else if (file) readInto(values, name, file, mistakes)
  }
  return values
}

function readInto(values: Record<string, string>, name: string, file: string, mistakes: string[]) {
  try {
    values[name] = readFileSync(fromProject(file), 'utf8').trimEnd()
  } catch {
    mistakes.push(`${name}_FILE names a file that cannot be read: ${file}`)
  }
}

const localHosts = ['localhost', '127.0.0.1', '[::1]']

function mistakeInBaseUrl(url: URL | undefined): string | undefined {
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return 'must be an address such as https://pray.example'
  if (url.pathname !== '/' || url.search || url.hash || url.username)
    return 'must be an address without a path, such as https://pray.example'
  if (url.protocol === 'http:' && !localHosts.includes(url.hostname))
    return 'must start with https:// : plain http is only for localhost'
  return undefined
}
