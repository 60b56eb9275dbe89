import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Generation, generationsIn } from '../../cache/generations.ts'
import { isScratch } from '../../ledger/scratch.ts'
import type { Folders } from '../folders.ts'
import type { StatusReport } from '../status.ts'
import { isOld } from './archive.ts'
import { type Finding, orWell, watch, well } from './finding.ts'

const anew = 'The next start makes one. ./thywill prepare makes it before, while the site runs.'

/** A start makes no new cache when acknowledged records are gone: somebody has to look first. */
const another =
  'Put the archive back that it was made of: docs/runbook.md, "The cache is ahead of the archive".'

/** Whether a start would serve at once. */
export function checkCache({ archive, cache, code, lastRebuild }: StatusReport): Finding {
  if (archive.segments === 0) return well('cache', 'None is needed before there is an archive.')
  if (cache.file === null)
    return watch('cache', `There is no cache for this version of the code (${code.schemaHash}).`, anew)
  if (cache.cursor === null) return watch('cache', `${cache.file} is broken.`, anew)
  if (!cache.fits)
    return watch('cache', `${cache.file} ends with a record that this archive does not hold.`, another)
  const behind = archive.lastSequence - cache.cursor.sequence
  const rest = behind > 0 ? `, ${behind} to catch up` : ''
  return well(
    'cache',
    `${cache.file} fits: record ${cache.cursor.sequence}${rest}. Made in ${lastRebuild?.seconds} s.`,
  )
}

/** Caches that nobody asks for any more, and what comparisons left. */
export function checkGenerations(
  { disk, cache, source }: Folders,
  { code }: StatusReport,
): readonly Finding[] {
  if (!disk.measure(cache)) return []
  const all = generationsIn(cache)
  const others = all.filter(({ schema, isPointed }) => schema !== code.schemaHash && isPointed)
  const idle = all.filter((one) => !one.isPointed && one !== before(all, code.schemaHash))
  const found: Finding[] = []
  if (idle.length > 0)
    found.push(
      watch('caches', `No pointer names ${listed(idle)}.`, 'The next rebuild or start removes them.'),
    )
  if (others.length > 1)
    found.push(
      watch(
        'caches',
        `There are caches of several other versions: ${listed(others)}.`,
        'The next start keeps the newest.',
      ),
    )
  const left = readdirSync(cache).filter(
    (name) =>
      (isScratch(name) || name.endsWith('.tmp')) &&
      isOld(disk.measure(join(cache, name))?.modified, source.now() - hour),
  )
  for (const name of left)
    found.push(
      watch('caches', `${name} was left by a command that did not end well.`, `rm -r ${join(cache, name)}`),
    )
  const [other] = others
  const what = other
    ? `One of another version is kept for going back: ${listed([other])}.`
    : 'No other version is kept.'
  return orWell(found, 'caches', what)
}

/** The generation in front of the one that is served is kept, so that one can look what was in it. */
function before(all: readonly Generation[], schemaHash: string): Generation | undefined {
  const own = all.filter(({ schema }) => schema === schemaHash).sort((a, b) => b.number - a.number)
  return own[own.findIndex(({ isPointed }) => isPointed) + 1]
}

/** A comparison of millions of records takes minutes. */
const hour = 3_600_000

const listed = (generations: readonly Generation[]) =>
  generations.map(({ name, bytes }) => `${name} (${(bytes / 1e6).toFixed(1)} MB)`).join(', ')
