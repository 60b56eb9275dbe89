import type Database from 'better-sqlite3'
import { Column, is, Placeholder, SQL } from 'drizzle-orm'

/*
 * At every run of a prepared query drizzle finds out again which parameter is which and how each column is read: a third
 * of what a small query costs, and every command asks several. Here that is found out once.
 */

/** What drizzle knows of a prepared query; its types do not show all of it. */
interface Prepared {
  getQuery(): { readonly sql: string; readonly params: readonly unknown[] }
  readonly fields?: readonly { readonly path: readonly string[]; readonly field: unknown }[]
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

interface Selected {
  readonly name: string
  readonly decoder: Decoder
}

type Values = Readonly<Record<string, unknown>>
type Row = readonly unknown[]

/** The same query with the same answers, only sooner. Whatever is not a plain selection stays as it is. */
export function quicken<Query>(sqlite: Database.Database, query: Query): Query {
  const { fields = [] } = query as Prepared
  const { sql, params } = (query as Prepared).getQuery()
  const selected = fields.flatMap(({ path, field }) => selectedBy(path, field) ?? [])
  const isPlain = fields.length > 0 && selected.length === fields.length && params.every(isBoundAsItIs)
  if (!isPlain) return query

  const statement = sqlite.prepare<unknown[], Row>(sql).raw()
  const bound = binder(params)
  const read = reader(selected)
  return Object.assign(query as object, {
    get(values?: Values) {
      const row = statement.get(bound(values))
      return row && read(row)
    },
    all: (values?: Values) => statement.all(bound(values)).map(read),
    values: (values?: Values) => statement.all(bound(values)),
  }) as Query
}

function selectedBy([name, ...more]: readonly string[], field: unknown): Selected | undefined {
  if (name === undefined || more.length > 0) return undefined
  if (is(field, Column)) return { name, decoder: field }
  // An expression has a decoder, too, which its type hides.
  if (is(field, SQL)) return { name, decoder: (field as unknown as { decoder: Decoder }).decoder }
  return undefined
}

const isBoundAsItIs = (param: unknown) => is(param, Placeholder) || typeof param !== 'object'

function binder(params: readonly unknown[]) {
  const givers = params.map((param) =>
    is(param, Placeholder) ? (values: Values) => givenFor(param.name, values) : () => param,
  )
  return (values: Values = {}) => givers.map((give) => give(values))
}

/** A parameter left out by mistake must not become null in silence. */
function givenFor(name: string, values: Values) {
  const value = values[name]
  if (value === undefined) throw new TypeError(`no value for the parameter ${name}`)
  return value
}

function reader(selected: readonly Selected[]) {
  return (row: Row) => {
    const answer: Record<string, unknown> = {}
    let place = 0
    for (const { name, decoder } of selected) {
      const value = row[place++]
      answer[name] = value === null ? null : decoder.mapFromDriverValue(value)
    }
    return answer
  }
}
