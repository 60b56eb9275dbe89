import type { Passing } from '../queries/pages/joining.ts'
import { pictureOf } from './picture.ts'

/** A link as a page offers it to be passed on. */
export const passingOf = (url: string): Passing => ({ url, picture: pictureOf(url) })
