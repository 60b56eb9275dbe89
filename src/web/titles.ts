import type { Page, Pages } from '../queries/pages.ts'

/** What the window of each page is called. */
export const titles: { readonly [P in Page]: (model: Pages[P]) => string } = {
  home: () => 'A place to ask for prayer',
  message: ({ heading }) => heading,
  starting: ({ heading }) => heading,
  'invites/claim': () => 'You are invited',
  'invites/preview': () => 'An invitation',
  'invites/elsewhere': ({ browser }) => `Open this in ${browser} first`,
  'invites/for-others': () => 'You already belong here',
  'invites/mine': () => 'Invite somebody',
  'invites/made': () => 'Here is your link',
  'invites/several': () => 'A link for several people',
  'newcomers/waiting': () => 'An admin has to say yes',
  'newcomers/declined': () => 'An admin has said no',
  'newcomers/list': () => 'Newcomers',
  'tree/branch': () => 'Who came through whom',
  'agreements/words': ({ heading }) => heading,
  'applications/apply': () => 'Ask to join',
  'applications/state': () => 'How your application stands',
  'applications/list': () => 'Applications',
  'login-links/use': () => 'Welcome back',
  'me/devices': () => 'My devices',
  'sessions/again': () => 'Show once more that it is you',
  'sessions/sign-in': () => 'Sign in',
  'sessions/sign-out': () => 'Sign out',
  'sign-ins/address': () => 'My mail address',
  'sign-ins/attempt': () => 'Was this you?',
  'sign-ins/attempts': () => 'Who wanted to come in as me',
  'sign-ins/link-for-somebody': () => 'A sign-in link for somebody',
  'sign-ins/mail-link': () => 'Welcome back',
  'sign-ins/mailed': () => 'Look into your mail',
  'sign-ins/vouch': () => 'Let somebody in',
  'sign-ins/waiting': ({ state }) => (state === 'approved' ? 'You can come in' : 'Waiting to be let in'),
  'ways-in/first': () => 'A way back',
  'ways-in/list': () => 'Ways in',
  'ways-in/paper-key': () => 'Your paper key',
  'prayers/feed': () => 'Prayers',
  'prayers/prayer': ({ card }) =>
    `A request from ${card.author ?? (card.isNameless ? 'someone here' : 'someone who left')}`,
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
  'admin/calls': () => 'Who asks to be called',
  'admin/audit': () => 'Audit log',
  'admin/settings': () => 'Settings',
  'admin/setting': ({ label, mistakes }) => (mistakes.value ? `Not right yet: ${label}` : label),
  'people/directory': ({ search }) => (search === '' ? 'People' : `People: ${search}`),
  'people/profile': ({ name }) => name,
  'people/keep-apart': ({ name }) => `Keep ${name} and me apart?`,
  'people/others-apart': ({ mistakes }) => notRight(mistakes, 'Keep two people apart'),
  'prayers/author': ({ mistakes }) => notRight(mistakes, 'Who asked'),
  'me/hub': () => 'Me',
  'me/name': ({ mistakes }) => notRight(mistakes, 'My name'),
  'me/words': ({ mistakes }) => notRight(mistakes, 'A few words about me'),
  'me/praying': ({ mistakes }) => notRight(mistakes, 'When I pray'),
  'me/apart': ({ mistakes }) => notRight(mistakes, 'Kept apart'),
  'publications/mine': () => 'A page on the open internet',
  // Nothing of it: what shows a link before it is opened takes the title.
  'publications/open': () => 'A request for prayer',
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

/** Whoever hears the name of the window first hears that the form is back. */
function notRight(mistakes: { readonly [field: string]: string | null }, title: string) {
  return Object.values(mistakes).some((mistake) => mistake !== null)
    ? `Not right yet: ${title.charAt(0).toLowerCase()}${title.slice(1)}`
    : title
}
