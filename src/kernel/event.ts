import type { SQLiteTableWithColumns } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import * as field from './fields.ts'
import type { Moment } from './moment.ts'
import type { ArchiveRecord, Block, Wording } from './wording.ts'

// biome-ignore lint/suspicious/noExplicitAny: drizzle's own name for "any table" needs it.
export type Table = SQLiteTableWithColumns<any>
type Shape = Record<string, z.ZodType>
type Blocks = Record<string, z.ZodType<string | undefined, string | undefined>>

/** Reserved keys, the same in every kind (archive-format.md). */
const reserved = {
  by: z.string().regex(/^(m_[0-9a-z]{16}|operator|visitor|schedule|someone)$/),
  at: field.moment().optional(),
  key: field.hex(16).optional(),
  source: field.word().optional(),
}

type Given<S extends Shape> = z.input<z.ZodObject<typeof reserved>> &
  (keyof S extends never ? unknown : z.output<z.ZodObject<S>>)

/** The words of an event's blocks; erased words are `undefined` in every kind of block. */
type Words<B extends Blocks> = { readonly [Field in keyof B]: string | undefined }

export type Event<S extends Shape = Shape, B extends Blocks = Blocks> = Readonly<z.output<z.ZodObject<S>>> &
  Words<B> & {
    readonly kind: string
    readonly sequence: number
    readonly by: string
    /** When it happened: the moment it was written, unless the record says otherwise. */
    readonly at: Moment
    readonly writtenAt: Moment
    readonly key: string | undefined
    /** Its closing hash: with it, words of this record can be erased one day. */
    readonly closing: string
  }

/** By the name of their column. */
export interface Counters {
  readonly [column: string]: number
}

/** What a projector may do to the cache. Keys are primary keys; whatever it does twice has to come out the same. */
export interface Projection {
  /** A whole row, whether its key was there or not. */
  put<T extends Table>(table: T, row: Required<T['$inferInsert']>): void
  /** A whole row, unless its key is there already. Answers whether it was added. */
  add<T extends Table>(table: T, row: Required<T['$inferInsert']>): boolean
  patch<T extends Table>(table: T, key: string | number, changes: Partial<T['$inferInsert']>): void
  /** Answers whether there was such a row. */
  drop(table: Table, key: string | number): boolean
  /** Whether any row has these values; an index has to lead there. */
  has<T extends Table>(table: T, values: Partial<T['$inferSelect']>): boolean
  /**
   * Adds to the counters of one row, and says the `latest` of others; what is never said of a row is nought. A table is changed
   * so only, or not at all. Only for what was really added or dropped.
   */
  tally(table: Table, key: string, changes: Counters, latest: Counters): void
}

export interface Kind {
  readonly name: string
  readonly version: number
  readonly critical: boolean
  readonly tables: readonly Table[]
  /** Throws when the record is not of this kind's form. */
  read(record: ArchiveRecord): Event
  project(cache: Projection, event: Event): void
}

/** An event that has not been given its place yet. */
export interface Draft {
  readonly kind: Kind
  readonly values: Wording['values']
  readonly words: readonly (readonly [field: string, text: string])[]
}

export interface EventKind<S extends Shape, B extends Blocks> extends Kind {
  /** Throws a ZodError when a value is none: commands check what people typed before they come here. */
  of(given: Given<S> & (keyof B extends never ? unknown : z.input<z.ZodObject<B>>)): Draft
}

interface Definition<S extends Shape, B extends Blocks> {
  name: string
  version: number
  critical?: boolean
  values: S
  blocks?: B
  /** The first record of an archive: nobody has acted yet, so it has none of the reserved keys. */
  isGenesis?: boolean
  /** Lifts the wording of an older version to the next one. */
  lift?: { readonly [version: number]: (wording: Wording) => Wording }
  tables: readonly Table[]
  project(cache: Projection, event: Event<S, B>): void
}

/** Defines one kind of event: its text, its rows and how the one becomes the other. */
export function defineEvent<S extends Shape, const B extends Blocks = Record<never, never>>(
  definition: Definition<S, B>,
): EventKind<S, B> {
  const { name, version, critical = false, isGenesis = false, lift = {}, tables } = definition
  const blocks: Blocks = definition.blocks ?? {}
  const values = z.strictObject(isGenesis ? definition.values : { ...reserved, ...definition.values })
  const keys = Object.keys(values.shape)
  const fields = Object.keys(blocks)
  const words = z.strictObject(blocks)
  const erasable = z.strictObject(
    Object.fromEntries(fields.map((name) => [name, z.union([blocks[name] as z.ZodType, z.undefined()])])),
  )

  const wordsIn = (given: Record<string, unknown>) =>
    present(words.parse(pick(given, fields)) as Record<string, string | undefined>, fields)

  const kind: EventKind<S, B> = {
    name,
    version,
    critical,
    tables,
    of(given) {
      const all = given as Record<string, unknown>
      const text = z.encode(values, pick(all, keys) as never) as Record<string, string | undefined>
      return { kind, values: present(text, keys), words: fields.length > 0 ? wordsIn(all) : [] }
    },
    read(record) {
      const wording = lifted(record, version, lift)
      const text = inOrder(wording.values, keys)
      // What zod gave is a fresh object: the event is made of it rather than of a copy, for each record of a rebuild.
      const event = z.decode(values, text as never) as Record<string, unknown>
      if (fields.length > 0) {
        const said = wordsOf(wording.blocks, fields)
        checkWords(said, wording.blocks, words, erasable)
        Object.assign(event, said)
      }
      event.kind = name
      event.sequence = record.sequence
      event.by ??= 'operator'
      event.at ??= record.time
      event.key ??= undefined
      event.writtenAt = record.time
      event.closing = record.hash
      // The parts were each parsed by the schema that their types come from.
      return event as unknown as Event
    },
    project: (cache, event) => definition.project(cache, event as Event<S, B>),
  }
  return kind
}

/** The wording of a draft. `salt` is drawn once for each block; the same salts give the same bytes everywhere. */
export function wordingOf(draft: Draft, salt: () => string): Wording {
  const { name, version, critical } = draft.kind
  const blocks = draft.words.map(([field, text]): Block => ({ field, salt: salt(), text }))
  return { kind: name, version, critical, values: draft.values, blocks }
}

function pick(given: Record<string, unknown>, names: readonly string[]) {
  const picked: Record<string, unknown> = {}
  for (const name of names) if (given[name] !== undefined) picked[name] = given[name]
  return picked
}

function present(text: Record<string, string | undefined>, names: readonly string[]) {
  const pairs: [string, string][] = []
  for (const name of names) {
    const value = text[name]
    if (value !== undefined) pairs.push([name, value])
  }
  return pairs
}

function lifted(record: Wording, version: number, lift: Definition<Shape, Blocks>['lift']): Wording {
  let wording: Wording = record
  while (wording.version < version) {
    const step = lift?.[wording.version]
    if (!step) throw new Error(`${record.kind}/${wording.version} cannot be lifted to version ${version}`)
    wording = { ...step(wording), version: wording.version + 1 }
  }
  return wording
}

/** Keys stand in the order of the kind's schema; another order is another text for the same event, so it is none. */
function inOrder(pairs: Wording['values'], keys: readonly string[]): Record<string, string> {
  const text: Record<string, string> = {}
  let next = 0
  for (const [key, value] of pairs) {
    const place = keys.indexOf(key, next)
    if (place < 0) throw new Error(`the key "${key}" is unknown here or out of order`)
    text[key] = value
    next = place + 1
  }
  return text
}

function wordsOf(blocks: readonly Block[], fields: readonly string[]) {
  const said: Record<string, string | undefined> = {}
  let next = 0
  for (const block of blocks) {
    const place = fields.indexOf(block.field, next)
    if (place < 0) throw new Error(`the block "${block.field}" is unknown here or out of order`)
    said[block.field] = 'text' in block ? block.text : undefined
    next = place + 1
  }
  return said
}

function checkWords(said: object, blocks: readonly Block[], whole: z.ZodType, erasable: z.ZodType) {
  const isErased = blocks.some((block) => 'erased' in block)
  if (isErased) erasable.parse(said)
  else whole.parse(said)
}
