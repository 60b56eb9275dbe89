/** The feeds, as their addresses name them (`/feed?tab=week`), in the order in which they stand. */
export const feedNames = [
  'new',
  'waiting',
  'unprayed',
  'week',
  'followed',
  'prayed',
  'answered',
  'mine',
  'focus',
] as const
export type FeedName = (typeof feedNames)[number]

export const isFeedName = (name: unknown): name is FeedName => feedNames.some((one) => one === name)

interface Words {
  /** On its tab. */
  readonly tab: string
  readonly heading: string
  /** What is in it, and in which order. */
  readonly rule: string
  readonly empty: string
}

/** What each says of itself. The exact rules: docs/feeds.md. */
export const feedWords: Readonly<Record<FeedName, Words>> = {
  new: {
    tab: 'New',
    heading: 'Prayers',
    rule: 'Everything that is asked for now, newest first.',
    empty: 'No requests yet. When someone asks for prayer, it will be here.',
  },
  waiting: {
    tab: 'Waiting',
    heading: 'Waiting for prayer',
    rule: 'First what nobody has prayed for yet, then what was prayed for longest ago.',
    empty: 'Nothing is waiting for prayer.',
  },
  unprayed: {
    tab: 'Not yet by me',
    heading: 'Not yet by me',
    rule: 'What others ask for and you have not prayed for yet, newest first.',
    empty: 'You have prayed for everything here. Rest.',
  },
  week: {
    tab: 'This week',
    heading: 'This week',
    rule: 'What matters on a day from today to a week from now, soonest first.',
    empty: 'Nothing here has its day in the coming week.',
  },
  followed: {
    tab: 'Followed',
    heading: 'Followed',
    rule: 'What you follow, whatever became of it: what you followed last comes first.',
    empty: 'You follow nothing yet. Under "More" of any request you can keep it in sight.',
  },
  prayed: {
    tab: 'I prayed',
    heading: 'I prayed',
    rule: 'What you have prayed for, whatever became of it: your latest prayer comes first.',
    empty: 'When you have prayed for something, it will be here.',
  },
  answered: {
    tab: 'Answered',
    heading: 'Answered',
    rule: 'What was answered, latest first.',
    empty: 'Nothing marked answered yet. These are worth waiting for.',
  },
  mine: {
    tab: 'Mine',
    heading: 'Mine',
    rule: 'All that you asked for, newest first: also what rests, and what you took back.',
    empty: 'You have not asked for anything yet.',
  },
  focus: {
    tab: 'Focus',
    heading: 'In focus',
    rule: 'What the whole community is asked to pray for now, in the order that the moderators gave it.',
    empty: 'Nothing is in focus just now.',
  },
}

/** So many at most are counted: beyond, a page says "99+". */
export const mostCounted = 100
