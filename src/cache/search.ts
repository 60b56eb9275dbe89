import type Database from 'better-sqlite3'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { barrier, searchable } from '../kernel/searching.ts'

/*
 * The full text index: the words of each request that everyone may see, as they are now, named by its sequence. It belongs
 * to no kind of record: it is made of the tables that do when these are loaded, and from then on follows them by triggers.
 * What is found in it is words that kernel/searching.ts made, so SQLite only has to tell them apart.
 */

/** As queries ask it; nothing else is in it. */
export const search = sqliteTable('search', { rowid: integer().notNull(), words: text() })

// Most of what is typed is a beginning, and a short one is of many words: with `prefix` these are not put together each time.
export const searchTables = [
  `CREATE VIRTUAL TABLE search USING fts5(words, content = '', contentless_delete = 1, prefix = '2 3', tokenize = "ascii tokenchars '${barrier}'")`,
  `CREATE VIEW search_words AS SELECT sequence, searchable(
    coalesce(iif(changedIn IS NULL, forWhom, changedForWhom), '') || ' ${barrier} ' ||
    coalesce(iif(changedIn IS NULL, request, changedRequest), '') || ' ${barrier} ' ||
    coalesce((SELECT group_concat("update", ' ${barrier} ') FROM prayer_updates WHERE prayer = prayers.id), '') || ' ${barrier} ' ||
    coalesce(ending, '')) AS words
    FROM prayers WHERE sees = 'everyone'`,
]

const anew = (which: string) =>
  `DELETE FROM search WHERE rowid IN (SELECT sequence FROM prayers WHERE ${which});
   INSERT INTO search (rowid, words) SELECT sequence, words FROM search_words WHERE sequence IN (SELECT sequence FROM prayers WHERE ${which});`

const trigger = (name: string, when: string, which: string) =>
  `CREATE TRIGGER ${name} AFTER ${when} BEGIN ${anew(which)} END`

/** Run when the tables they look at have their rows and their indexes. */
export const searchIndexes = [
  'INSERT INTO search (rowid, words) SELECT sequence, words FROM search_words',
  trigger('search_posted', 'INSERT ON prayers', 'id = new.id'),
  trigger(
    'search_changed',
    'UPDATE OF sees, forWhom, request, changedIn, changedForWhom, changedRequest, ending ON prayers',
    'id = new.id',
  ),
  trigger('search_updated', 'INSERT ON prayer_updates', 'id = new.prayer'),
  trigger('search_update_changed', 'UPDATE ON prayer_updates', 'id IN (old.prayer, new.prayer)'),
  trigger('search_update_dropped', 'DELETE ON prayer_updates', 'id = old.prayer'),
]

/** What a connection has to know before it writes. */
export const teachSearching = (sqlite: Database.Database) =>
  sqlite.function('searchable', { deterministic: true }, (text) => searchable(String(text)))

/** Another digest of this means that other words are found: some of every sort, as they are searched. */
export const howWordsAreFound = searchable(
  'Ærø ＡＢＣ １２ naïve Straße ΣΑΣ ёж İı ﬁ ½ שָׁלוֹם אם كِتَابٌ آمين नमस्ते 祈祷 ひらがな ｶﾞ パーティー ขอพร 기도 🙏 don’t می‌خواهم',
)
