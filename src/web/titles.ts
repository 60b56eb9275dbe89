import type { Page, Pages } from '../queries/pages.ts'

/** What the window of each page is called. */
export const titles: { readonly [P in Page]: (model: Pages[P]) => string } = {
  home: () => 'A place to ask for prayer',
  message: ({ heading }) => heading,
  'invites/claim': () => 'You are invited',
  'login-links/use': () => 'Welcome back',
  'sessions/sign-in': () => 'Sign in',
  'sessions/sign-out': () => 'Sign out',
  'prayers/feed': () => 'Prayers',
  'prayers/prayer': ({ card }) => `A request from ${card.author ?? 'someone who left'}`,
  'prayers/ask': ({ mistakes }) =>
    mistakes.request || mistakes.forWhom ? 'Not right yet: ask for prayer' : 'Ask for prayer',
  'prayers/preview': () => 'Check your words',
}
