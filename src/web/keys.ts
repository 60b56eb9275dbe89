import type { Source } from '../kernel/stamp.ts'

/** 128 random bits for a form or a cookie, in base64url. */
export const newKey = (source: Source) => Buffer.from(source.bytes(16)).toString('base64url')
