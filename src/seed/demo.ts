import type { Sizes } from './community.ts'

/** The community of `npm run demo`: a few months old, small enough to know each other. */
export const demoCommunity: Sizes & { readonly seed: string } = {
  members: 40,
  prayers: 200,
  marks: 2_500,
  seed: 'demo',
}
