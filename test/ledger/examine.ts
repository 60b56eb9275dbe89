import assert from 'node:assert/strict'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { getTableName } from 'drizzle-orm'
import { readWhole } from '../../src/archive/file.ts'
import { archiveFiles } from '../../src/archive/files.ts'
import { readGroups } from '../../src/archive/read.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { reserveCache } from '../../src/cache/generations.ts'
import { openReader } from '../../src/cache/open.ts'
import { digestTable } from '../../src/cache/schema.ts'
import { catalogue } from '../../src/catalogue.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import type { ArchiveRecord } from '../../src/kernel/wording.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { rebuildWith } from '../../src/ledger/rebuild.ts'
import { tables } from '../../src/records/kinds.ts'
import type { FailingDisk } from '../tools/failing-disk.ts'
import { archive, cacheFolder, type Entry, filesIn, type Stage } from './stage.ts'
import { secretWords } from './story.ts'

/** Starts again, and sees that nothing is missing, nothing is there by half, and that writing works. */
export async function startsWell(stage: Stage) {
  await stage.opens()
  assert.equal(stage.ledger().trouble(), undefined, 'it can write')
  holdsWhatWasSaved(stage.disk, stage.entries)
  const invite = await stage.does(operator, issueInvite, {})
  assert.ok(invite, 'a write is saved')
  await stage.ledger().settled()
  assert.equal(stage.ledger().trouble(), undefined, 'it can write still')
  await isWell(stage)
}

/** Every byte of the archive is right, and the cache is what a rebuild makes. */
export async function isWell({ disk, ledger, entries, folder }: Stage) {
  assert.deepEqual(verifyArchive(disk.onlooker, archive).problems, [])
  holdsWhatWasSaved(disk, entries)
  await equalsARebuild(disk, ledger())
  for (const words of secretWords) if (isErased(entries, words)) staysNowhere(words, disk, folder)
}

/** Everything that was saved is in the archive as it was asked for, and nothing else is but what may still have been. */
export function holdsWhatWasSaved({ onlooker }: FailingDisk, entries: readonly Entry[]) {
  const found = new Set<Entry>()
  const groups = readGroups(onlooker, archive)
  for (let step = groups.next(); ; step = groups.next()) {
    if (step.done) {
      assert.equal(step.value.fault, undefined)
      break
    }
    const { records } = step.value
    const [first] = records
    if (first?.sequence === 1 || first?.kind === 'key.added') continue
    const group = records.map(asWritten)
    const entry = entries.find(
      (entry) =>
        entry.time === first?.time &&
        !found.has(entry) &&
        isDeepStrictEqual(entry.drafts.map(asAsked), group),
    )
    assert.ok(entry, `record ${first?.sequence} and its group are as somebody asked for them`)
    assert.notEqual(entry.outcome, 'refused', `record ${first?.sequence} was refused, so it is not there`)
    sameWords(records, entry)
    found.add(entry)
  }
  for (const entry of entries)
    if (entry.outcome === 'saved') assert.ok(found.has(entry), `what was saved ${entry.time} is there`)
}

const asWritten = ({ kind, values }: ArchiveRecord) => ({ kind, values })
const asAsked = ({ kind, values }: Entry['drafts'][number]) => ({ kind: kind.name, values })

function sameWords(records: readonly ArchiveRecord[], { drafts }: Entry) {
  for (const [index, { blocks }] of records.entries()) {
    const words = drafts[index]?.words ?? []
    assert.equal(blocks.length, words.length)
    for (const [place, block] of blocks.entries())
      if ('text' in block) assert.deepEqual([block.field, block.text], words[place])
  }
}

/** Row by row, every table. */
export async function equalsARebuild({ onlooker }: FailingDisk, ledger: Ledger) {
  const scratch = cacheFolder()
  const now = '2026-11-22T07:00:00.000Z'
  const { kinds } = catalogue
  const order = { archive, path: reserveCache(scratch.path, ledger.schemaHash), now }
  const made = await rebuildWith(onlooker, kinds)(order, {})
  const fresh = openReader(made.path)
  try {
    for (const table of tables)
      assert.deepEqual(digestTable(ledger.cache(), table), digestTable(fresh, table), getTableName(table))
  } finally {
    fresh.close()
    scratch.remove()
  }
}

/** Whether a record says that these words are to be erased, and whoever asked for it knows. */
function isErased(entries: readonly Entry[], words: string): boolean {
  const saved = entries.filter(({ outcome }) => outcome === 'saved')
  const index = secretWords.indexOf(words)
  const erasures = saved.filter(({ drafts }) => drafts.some(({ kind }) => kind.name === 'record.erased'))
  return erasures.length > index
}

function staysNowhere(words: string, { onlooker }: FailingDisk, folder: string) {
  const { segments, unfinished } = archiveFiles(onlooker, archive)
  for (const name of [...segments.map((segment) => segment.name), ...unfinished])
    assert.ok(!readWhole(onlooker, join(archive, name)).includes(words), `${name} has no erased words`)
  for (const [name, bytes] of filesIn(folder))
    assert.ok(!bytes.includes(words), `${name} has no erased words`)
}
