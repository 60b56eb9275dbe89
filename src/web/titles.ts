import type { Page, Pages } from '../queries/pages.ts'

/** What the window of each page is called. */
export const titles: { readonly [P in Page]: (model: Pages[P]) => string } = {
  home: () => 'A place to ask for prayer',
  message: ({ heading }) => heading,
  starting: ({ heading }) => heading,
  'invites/claim': () => 'You are invited',
  'login-links/use': () => 'Welcome back',
  'sessions/again': () => 'Show once more that it is you',
  'sessions/sign-in': () => 'Sign in',
  'sessions/sign-out': () => 'Sign out',
  'ways-in/first': () => 'A way back',
  'ways-in/list': () => 'Ways in',
  'ways-in/paper-key': () => 'Your paper key',
  'prayers/feed': () => 'Prayers',
  'prayers/prayer': ({ card }) => `A request from ${card.author ?? 'someone who left'}`,
  'prayers/ask': ({ mistakes }) =>
    Object.values(mistakes).some((mistake) => mistake !== null)
      ? 'Not right yet: ask for prayer'
      : 'Ask for prayer',
  'prayers/preview': () => 'Check your words',
  'admin/hub': () => 'Looking after the place',
  'admin/people': ({ search }) => (search === '' ? 'Everybody' : `Everybody: ${search}`),
  'admin/person': ({ name, problem, mistakes }) =>
    `${(problem ?? mistakes.role ?? mistakes.until) ? 'Not right yet: ' : ''}${name ?? 'Someone who left'}`,
  'admin/links': () => 'Open links',
  'admin/sign-out': () => 'Sign everyone out?',
  'admin/audit': () => 'Audit log',
  'admin/settings': () => 'Settings',
  'admin/setting': ({ label, mistakes }) => (mistakes.value ? `Not right yet: ${label}` : label),
  'people/directory': ({ search }) => (search === '' ? 'People' : `People: ${search}`),
  'me/hub': () => 'Me',
  'recovery/overview': () => 'Recovery',
  'recovery/work': ({ work }) => work?.heading ?? 'Work',
  'recovery/segments': () => 'Months and seals',
  'recovery/coverage': () => 'What every table comes from',
  'recovery/history': () => 'History',
  'recovery/growth': () => 'Growth and rebuild times',
  'recovery/problems': () => 'Problems',
  'recovery/edits': () => 'Outside edits',
  'recovery/edit-end': ({ edit, way }) =>
    way === 'restore' ? `Restore ${edit.file}?` : `Accept ${edit.file}?`,
  'recovery/sheet': ({ mistake }) => (mistake ? 'Not right yet: recovery sheet' : 'Recovery sheet'),
  'recovery/print': () => 'Recovery sheet, to be printed',
}
