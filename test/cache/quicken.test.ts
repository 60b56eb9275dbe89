import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { asc, count, eq, gt, max, or, sql } from 'drizzle-orm'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { atMost, given, prepared } from '../../src/cache/reading.ts'
import { emptyCache } from '../tools/cache.ts'

const songs = sqliteTable('songs', {
  id: text().primaryKey(),
  verses: integer('verse_count').notNull(),
  isLoud: integer({ mode: 'boolean' }).notNull(),
  tune: text(),
})
const singers = sqliteTable('singers', { song: text().notNull(), name: text().notNull() })

const cache = emptyCache()
cache.sqlite.exec(`
  create table songs (id text primary key, verse_count integer not null, isLoud integer not null, tune text);
  create table singers (song text not null, name text not null);
  insert into songs values ('abide', 3, 0, 'old'), ('be', 2, 1, null), ('come', 4, 1, 'new');
  insert into singers values ('abide', 'Ruth'), ('abide', 'Daniel'), ('be', 'Ruth');
`)

type Values = Record<string, unknown>
interface Query {
  get(values?: Values): unknown
  all(values?: Values): unknown
  values(values?: Values): unknown
}

/** The same query twice: as the cache prepares it, and as drizzle does. */
const both = (build: (db: BetterSQLite3Database) => Query) =>
  [prepared(build)(cache), build(cache.db)] as const

const selections: Record<string, (db: BetterSQLite3Database) => Query> = {
  'a whole row': (db) =>
    db
      .select()
      .from(songs)
      .where(eq(songs.id, given('id')))
      .prepare(),
  'some columns in an order of their own, under other names': (db) =>
    db
      .select({ melody: songs.tune, loud: songs.isLoud, id: songs.id })
      .from(songs)
      .where(gt(songs.verses, given('verses')))
      .orderBy(asc(songs.id))
      .limit(atMost(2))
      .prepare(),
  'what is counted and what is worked out': (db) =>
    db
      .select({
        singers: count(),
        last: max(singers.name),
        title: sql<string>`upper(${songs.id})`,
        long: sql`${songs.verses} > 2`.mapWith(Boolean),
      })
      .from(songs)
      .leftJoin(singers, eq(singers.song, songs.id))
      .where(or(eq(songs.id, given('id')), eq(songs.tune, 'new')))
      .groupBy(songs.id)
      .orderBy(asc(songs.id))
      .prepare(),
  'the same parameter twice, around another one': (db) =>
    db
      .select({ id: songs.id })
      .from(songs)
      .where(sql`${given('id')} = id and ${given('verses')} < verse_count + length(${given('id')})`)
      .prepare(),
  'a parameter that drizzle encodes': (db) =>
    db
      .select({ id: songs.id })
      .from(songs)
      .where(sql`${songs.isLoud} = ${sql.param(sql.placeholder('isLoud'), songs.isLoud)}`)
      .prepare(),
  'rows of two tables': (db) =>
    db.select().from(songs).leftJoin(singers, eq(singers.song, songs.id)).orderBy(asc(songs.id)).prepare(),
}

suite('a prepared query answers what drizzle answers', () => {
  for (const [name, build] of Object.entries(selections))
    test(name, () => {
      const [quick, plain] = both(build)
      for (const values of [
        { id: 'abide', verses: 2, isLoud: true },
        { id: 'be', verses: 9, isLoud: false },
        { id: 'nothing', verses: 0, isLoud: true },
      ]) {
        assert.deepEqual(quick.get(values), plain.get(values))
        assert.deepEqual(quick.all(values), plain.all(values))
        assert.deepEqual(quick.values(values), plain.values(values))
      }
    })

  test('and wants a value for every parameter, too', () => {
    for (const query of both(selections['a whole row'] ?? assert.fail())) {
      assert.throws(() => query.get(), /no value for .*id/i)
      assert.throws(() => query.all({ verses: 2 }), /no value for .*id/i)
      assert.throws(() => query.values({}), /no value for .*id/i)
    }
  })
})
