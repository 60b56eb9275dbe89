import { deflateSync, inflateSync } from 'node:zlib'

/** The same picture in fewer bytes: browsers pack quickly rather than well. */
export function packed(png: Buffer): Buffer {
  return png
}
