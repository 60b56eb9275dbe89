import { join } from 'node:path'
import type { Keyring } from '../../src/kernel/keyring.ts'
import type { Source } from '../../src/kernel/stamp.ts'
import { openDrafts } from '../../src/outside/drafts.ts'

/** Drafts beside this cache; that one cannot be kept is an error, unless a test says otherwise. */
export const draftsBeside = (
  cacheDir: string,
  { keyring, source }: { readonly keyring: Keyring; readonly source: Source },
  onFailure: (error: unknown) => void = (error) => {
    throw error
  },
) => openDrafts({ folder: join(cacheDir, 'drafts'), source, keyring: () => keyring, onFailure })
