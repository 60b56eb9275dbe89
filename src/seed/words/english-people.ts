import type { Person } from './language.ts'

const she = (who: string): Person => ({ who, they: 'she', them: 'her', their: 'her' })
const he = (who: string): Person => ({ who, they: 'he', them: 'him', their: 'his' })

const women = [
  'mother',
  'mother',
  'sister',
  'wife',
  'aunt',
  'mother-in-law',
  'godmother',
  'friend Clara',
  'old teacher Miss Orme',
]
const men = [
  'father',
  'father',
  'brother',
  'husband',
  'uncle',
  'father-in-law',
  'godfather',
  'friend Joel',
  'neighbour Mr. Pell',
]
const girls = ['daughter', 'niece', 'goddaughter', 'cousin Imogen', 'friend Tamsin', 'colleague Priya']
const boys = [
  'son',
  'nephew',
  'godson',
  'cousin Rufus',
  'roommate Tobi',
  'friend Caspian',
  'colleague Anselm',
]

/** Whom most requests are about. */
export const elders: readonly Person[] = [
  ...women.map((who) => she(`my ${who}`)),
  ...men.map((who) => he(`my ${who}`)),
  ...[
    'a woman in our street',
    'the nurse who looked after us',
    'a colleague',
    'our neighbour Mrs. Whitlock',
  ].map(she),
  ...['a man from our parish', 'a friend who does not believe', 'the man who runs our corner shop'].map(he),
]

/** Whom parents worry about. */
export const children: readonly Person[] = [
  ...['our youngest', 'our girl', 'our eldest'].map(she),
  ...['our boy', 'our middle one', 'the little one'].map(he),
]

/** Who may have an exam, or a child. */
export const peers: readonly Person[] = [
  ...girls.map((who) => she(`my ${who}`)),
  ...boys.map((who) => he(`my ${who}`)),
  ...['a young mother I know', 'a girl from our choir'].map(she),
  ...['a boy from our street', 'a young man I teach'].map(he),
]
