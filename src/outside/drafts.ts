import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Keyring } from '../kernel/keyring.ts'
import { days, earlier, type Moment, momentOf } from '../kernel/moment.ts'
import { openWords, sealWords } from '../kernel/sealing.ts'
import type { Source } from '../kernel/stamp.ts'

/*
 * Requests that somebody has begun and not shared: the one exception to "nothing lives only in the cache". One file a member,
 * beside the cache and in no archive and no backup, encrypted under a key of its own purpose; its name says nothing, either.
 */

/** The fields of the form, as they were sent. */
export type DraftWords = Readonly<Record<string, string>>

export interface Draft {
  readonly words: DraftWords
  readonly begunAt: Moment
}

export interface Drafts {
  /** In place of the one before; whether it could be kept. */
  keep(member: string, words: DraftWords): boolean
  /** Undefined when there is none, or when it is older than seven days. */
  of(member: string): Draft | undefined
  drop(member: string): void
  /** Removes those that are older than seven days. */
  forgetOld(): void
}

interface Options {
  readonly folder: string
  readonly source: Source
  keyring(): Keyring
  /** A full disk, say: whoever writes goes on without a draft. It is told nothing of the words. */
  readonly onFailure: (error: unknown) => void
}

const keptFor = 7 * days

export function openDrafts({ folder, source, keyring, onFailure }: Options): Drafts {
  const nameOf = (member: string) => `${keyring().lookUp('draft', member).slice(0, 40)}.draft`
  const key = () => ({ number: 1, bytes: Buffer.from(keyring().lookUp('key of drafts', ''), 'hex') })
  const belonging = (name: string) => ({ kind: 'draft', field: 'words', id: name })
  const isOld = (text: string) => (text.split('\n', 1)[0] ?? '') <= earlier(momentOf(source.now()), keptFor)

  /** What cannot be done is told to whoever runs the site, and nobody who writes is stopped by it. */
  function tried<Result>(work: () => Result, otherwise: Result): Result {
    try {
      return work()
    } catch (error) {
      onFailure(error)
      return otherwise
    }
  }

  function read(member: string): Draft | undefined {
    if (!keyring().isWhole) return undefined
    const name = nameOf(member)
    const text = textOf(join(folder, name))
    if (text === undefined || isOld(text)) return undefined
    const opened = openWords([key()], belonging(name), text.split('\n')[1] ?? '')
    // What this site sealed it reads as it wrote it.
    return opened === undefined ? undefined : (JSON.parse(opened) as Draft)
  }

  function write(member: string, words: DraftWords) {
    const name = nameOf(member)
    const before = read(member)
    const now = momentOf(source.now())
    const draft: Draft = { words, begunAt: before?.words.key === words.key && before ? before.begunAt : now }
    const sealed = sealWords(key(), belonging(name), JSON.stringify(draft), source.bytes(12))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    replace(join(folder, name), `${now}\n${sealed}\n`)
  }

  return {
    keep: (member, words) =>
      tried(() => {
        // That a key is missing is told where the site tells how it stands.
        if (!keyring().isWhole) return false
        write(member, words)
        return true
      }, false),
    of: (member) => tried(() => read(member), undefined),
    drop: (member) =>
      tried(() => {
        if (keyring().isWhole) rmSync(join(folder, nameOf(member)), { force: true })
      }, undefined),
    forgetOld() {
      for (const name of namesIn(folder)) {
        const path = join(folder, name)
        if (isOld(textOf(path) ?? '')) rmSync(path, { force: true })
      }
    },
  }
}

/** All of it or nothing: a disk that is full leaves what was there. */
function replace(path: string, text: string) {
  const fresh = `${path}.tmp`
  try {
    writeFileSync(fresh, text, { mode: 0o600 })
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

const isAbsent = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
