import { missingKeys } from '../archive/keyring.ts'
import type { Reading } from '../cache/reading.ts'
import type { StartOptions } from './options.ts'

/** The numbers of the keys that words were sealed with and that this machine does not have. */
export const missingSealingKeys = (
  cache: Reading,
  { disk, secrets, catalogue }: Pick<StartOptions, 'disk' | 'secrets' | 'catalogue'>,
): readonly number[] => missingKeys(disk, secrets, catalogue.sealingKeys(cache))

/** What that means, in a sentence. */
export const keysAreMissing = (numbers: readonly number[]) =>
  `SECRETS_DIR does not hold the key that words were sealed with (${numbers.map(nameOfKey).join(', ')}), or it cannot be read: ` +
  'words for fewer than everyone cannot be opened, and none are saved, until it is put back.'

const nameOfKey = (number: number) => `words-${number}.key`
