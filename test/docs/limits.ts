import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { type Act, permissions } from '../../src/kernel/permissions.ts'
import { knownSettings, settingNames } from '../../src/kernel/settings.ts'
import { limits as rates } from '../../src/web/limits.ts'

/** The limit of every field, as people read it: `npm run limits` writes it, and a test says when it is not true any more. */
export const limitsFile = resolve(import.meta.dirname, '../../docs/limits.md')

export interface Field {
  readonly command: string
  readonly field: string
  readonly schema: z.ZodType
}

/** What a schema says of itself, within whatever checks and changes stand around it. */
interface Said {
  readonly isOptional: boolean
  /** The most characters, where people write freely. */
  readonly most: number | undefined
  readonly takes: string
}

const commandsFolder = resolve(import.meta.dirname, '../../src/commands')

/** Every field of every command that somebody gives by a form; the program and the operator have their own. */
export async function fields(): Promise<Field[]> {
  const names = readdirSync(commandsFolder).sort()
  const modules = await Promise.all(
    names.map((name) => import(join(commandsFolder, name)) as Promise<object>),
  )
  const commands = modules.flatMap((module) => Object.values(module).filter(isCommand))
  return commands
    .filter(({ name }) =>
      permissions[name].who.some((who: string) => who !== 'operator' && who !== 'schedule'),
    )
    .flatMap(({ name: command, input }) =>
      Object.entries(input.shape).map(([field, schema]) => ({ command, field, schema })),
    )
    .sort((one, other) => (one.command < other.command ? -1 : one.command > other.command ? 1 : 0))
}

interface Known {
  readonly name: Act
  readonly input: z.ZodObject<Readonly<Record<string, z.ZodType>>>
}

const isCommand = (value: unknown): value is Known =>
  typeof value === 'object' &&
  value !== null &&
  'decide' in value &&
  'input' in value &&
  value.input instanceof z.ZodObject

export function saidBy(schema: z.core.$ZodType): Said {
  const { most } = z.globalRegistry.get(schema) ?? {}
  if (typeof most === 'number')
    return { isOptional: false, most, takes: `at most ${grouped(most)} characters` }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return { ...saidBy(schema.def.innerType), isOptional: true }
  if (schema instanceof z.ZodPipe) {
    // What is done before reading says nothing of itself; what is done after it was read neither.
    const { in: before, out } = schema.def
    return saidBy(before instanceof z.ZodTransform ? out : before)
  }
  return { isOptional: false, most: undefined, takes: takenBy(schema) }
}

function takenBy(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodEnum) return `one of: ${schema.options.join(', ')}`
  if (schema instanceof z.ZodLiteral) return `"${[...schema.values].join('", "')}", or nothing`
  if (schema instanceof z.ZodISODate) return 'a day of the calendar: 2026-12-24'
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => saidBy(option).takes).join(', or ')
  if (schema instanceof z.ZodNumber) return 'a whole number'
  if (schema instanceof z.ZodBoolean) return 'yes or no'
  if (schema instanceof z.ZodString) return taken(schema)
  return 'what the page itself sends'
}

function taken({ maxLength, def }: z.ZodString): string {
  const pattern = (def.checks ?? [])
    .map((check) => (check._zod.def as { pattern?: RegExp }).pattern)
    .find(Boolean)
  if (pattern) return 'what the page itself sends'
  return maxLength === null
    ? 'what is there: anything else is not found'
    : `at most ${grouped(maxLength)} characters`
}

export async function limitsText(): Promise<string> {
  const rows = (await fields()).map(({ command, field, schema }) => {
    const { isOptional, takes } = saidBy(schema)
    return `| \`${command}\` | \`${field}\` | ${isOptional ? '' : 'yes'} | ${takes} |`
  })
  const settings = settingNames.map(
    (name) => `| ${knownSettings[name].label} | ${knownSettings[name].hint} |`,
  )
  const often = Object.entries(rates).map(
    ([name, { most, within, counts }]) =>
      `| \`${name}\` | ${grouped(most)} | ${within / 3_600_000} h | ${counts === 'done' ? 'what was done' : 'what was refused'} |`,
  )
  return `${[
    ...intro,
    ...['| command | field | needed | takes |', '|---|---|---|---|', ...rows, ''],
    ...['## Settings', '', '| setting | takes |', '|---|---|', ...settings, ''],
    ...['## How often', '', '| what | at most | within | counts |', '|---|---|---|---|', ...often],
  ].join('\n')}\n`
}

const intro = [
  '# What each field takes',
  '',
  'Written by `npm run limits` from the schemas that the site itself checks with. Characters are code points, as people count',
  'them: an emoji of one code point is one. What is too long, empty, unknown, over or too far away is said by its field, and',
  'every word stays in the form. A whole form has at most 256 KiB.',
  '',
  'Of a request besides: `day` is today or later and at most ten years away; `consent` is needed when `forWhom` is given and',
  'others see it; `nameless` cannot be when only its author sees it.',
  '',
]

const grouped = (count: number) => count.toLocaleString('en')

if (process.argv[1] === import.meta.filename) writeFileSync(limitsFile, await limitsText())
