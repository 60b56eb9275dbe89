import { join } from 'node:path'
import { archiveFiles } from '../../archive/files.ts'
import { openSealKey } from '../../archive/seal.ts'
import type { Reading } from '../../cache/reading.ts'
import { keysAreMissing, missingSealingKeys } from '../../ledger/missing-keys.ts'
import type { Folders } from '../folders.ts'
import { type Finding, watch, well, wrong } from './finding.ts'

type KeyFolders = Folders & { readonly secrets: string }

/** Whether the keys of the seals and of sealed words are there, and are those that the archive names. */
export async function checkKeys(
  folders: KeyFolders,
  cache: Reading | undefined,
): Promise<readonly Finding[]> {
  return [await checkSealKey(folders, cache), ...(cache ? checkSealingKeys(folders, cache) : [])]
}

async function checkSealKey(
  { disk, archive, secrets, catalogue }: KeyFolders,
  cache: Reading | undefined,
): Promise<Finding> {
  if (archiveFiles(disk, archive).segments.length === 0)
    return well('keys', 'None is needed before there is an archive.')
  if (!disk.measure(join(secrets, 'seal.key')))
    return wrong(
      'keys',
      `seal.key is not in ${secrets}, and without it no backup can be made.`,
      'Put it back from your copy before the next start, which would make another and record that.',
    )
  const { publicKey } = await openSealKey(disk, secrets)
  if (!cache)
    return watch(
      'keys',
      'Without a cache nobody can tell whether the archive names this key.',
      './thywill rebuild',
    )
  return catalogue.sealKeys(cache).includes(publicKey)
    ? well('keys', `The archive names the key of the seals: ${publicKey.slice(0, 16)}…`)
    : watch(
        'keys',
        'The archive does not name the key in seal.key.',
        'Put the right one back from your copy; the next start would record this one.',
      )
}

function checkSealingKeys(folders: KeyFolders, cache: Reading): readonly Finding[] {
  const named = folders.catalogue.sealingKeys(cache)
  if (named.length === 0) return []
  const missing = missingSealingKeys(cache, folders)
  if (missing.length === 0)
    return [well('keys', 'The key that words are sealed with is the one that the archive names.')]
  return [
    wrong(
      'keys',
      keysAreMissing(missing),
      'Put it back: docs/runbook.md, "A lost key of sealed words". It works at once; no other is ever made.',
    ),
  ]
}
