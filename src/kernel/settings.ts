import * as z from 'zod'
import { codePoints, isPrintable } from './prose.ts'
import { givingIn, reflectionsIn } from './reflections.ts'
import { isTimeZone } from './zones.ts'

/*
 * What a community decides about itself in the browser: the one table of it. Each change is a record (records/settings.ts);
 * what nobody has set is what it is `byItself`. The environment has only what the process needs to start (config.ts).
 */

/** How a form asks for it: one line, paragraphs, or yes and no. */
export type SettingField = 'line' | 'words' | 'choice'

interface Setting {
  readonly label: string
  readonly hint: string
  readonly field: SettingField
  /** From the text of the record to the value. */
  readonly value: z.ZodType<string | boolean, string>
  /** What it is, as the record would say it, while nobody has set it. */
  readonly byItself: string
}

const line = (least: number, most: number) =>
  words(least, most).refine((text) => !text.includes('\n'), 'Write this on one line.')

const words = (least: number, most: number) =>
  z
    .string()
    .refine((text) => codePoints(text) >= least, 'Write something here.')
    .refine((text) => codePoints(text) <= most && isPrintable(text), `Write at most ${most} characters.`)

const sixLines = words(1, 500).refine((text) => {
  const lines = text.split('\n')
  const areShort = lines.every((line) => line === line.trim() && line !== '' && codePoints(line) <= 80)
  return areShort && lines.length === 6 && new Set(lines).size === 6
}, 'Write six different phrases, one a line, each of 80 characters at most.')

const yesOrNo = z.enum(['yes', 'no'], 'Choose yes or no.').transform((text) => text === 'yes')

const timeZone = z.string().refine(isTimeZone, 'Write the name of a time zone, like Europe/Berlin or UTC.')

export const knownSettings = {
  community: {
    label: 'Name of the community',
    hint: 'It stands on top of every page, and in what a link shows before it is opened: 1 to 40 characters.',
    field: 'line',
    value: line(1, 40),
    byItself: 'ThyWill',
  },
  welcomeWords: {
    label: 'Words of welcome',
    hint: 'What anybody reads who comes to the front page without being signed in: 1,000 characters at most.',
    field: 'words',
    value: words(1, 1000),
    byItself:
      'A quiet place for people who know each other. What is asked here is seen only by those who belong here.',
  },
  whoRuns: {
    label: 'Who runs this site',
    hint: 'Whoever is invited reads it before they say their name: who you are, and how to reach you.',
    field: 'words',
    value: words(1, 2000),
    byItself: 'Ask whoever invited you: they know who runs this site.',
  },
  timeZone: {
    label: 'Time zone',
    hint: 'By its name in the time zone database: Europe/Berlin, America/New_York, UTC. Days begin and end there, and times are shown so until a browser says where its reader is.',
    field: 'line',
    value: timeZone,
    byItself: 'UTC',
  },
  adminSaysYes: {
    label: 'An admin says yes to each newcomer',
    hint: 'Whoever comes by an invite waits until then, and sees nothing. Links for several people ask for it always.',
    field: 'choice',
    value: yesOrNo,
    byItself: 'no',
  },
  applications: {
    label: 'People without an invite may ask to join',
    hint: 'They say who they are and why; admins decide. The front page has a link to it.',
    field: 'choice',
    value: yesOrNo,
    byItself: 'yes',
  },
  publicPages: {
    label: 'Requests may have a page on the open internet',
    hint: 'Only by choice of whoever asked, and without names unless they say so. With no, every such page is gone at once.',
    field: 'choice',
    value: yesOrNo,
    byItself: 'no',
  },
  vouching: {
    label: 'Two members may vouch for somebody who has lost every way back',
    hint: 'Each has to speak with them and know their voice. It never works for people with a role.',
    field: 'choice',
    value: yesOrNo,
    byItself: 'no',
  },
  encouraging: {
    label: 'People may encourage whoever asked for prayer',
    hint: 'With one of six set phrases, once a day for each request.',
    field: 'choice',
    value: yesOrNo,
    byItself: 'yes',
  },
  encouragements: {
    label: 'What people can say to encourage',
    hint: 'Six phrases, one a line, each of 80 characters at most.',
    field: 'words',
    value: sixLines,
    byItself: [
      'I am praying for you.',
      'You are not alone.',
      'I was glad to read from you.',
      'I will go on praying.',
      'May you find rest tonight.',
      'Peace be with you.',
    ].join('\n'),
  },
  helpLines: {
    label: 'Help lines',
    hint: 'Numbers and addresses where somebody in need is heard at once, one a line. Every page leads to them, under "Help".',
    field: 'words',
    value: words(1, 4000),
    byItself: [
      'This is no place for emergencies: perhaps nobody reads it tonight.',
      'Where somebody is in danger, call the emergency number of your country. From a mobile phone, 112 reaches one almost everywhere.',
      'When you do not know how to go on, you need not be alone with it. Lines to call or to write to, at no cost and in confidence, stand by country at findahelpline.com.',
    ].join('\n\n'),
  },
  rules: {
    label: 'Rules',
    hint: 'What you ask of one another. Whoever joins says yes to the words of that day; it is kept which.',
    field: 'words',
    value: words(1, 10_000),
    byItself: [
      'Tell only what is yours to tell. Write of others as you would if they read it.',
      'What you read here stays here.',
      'Pray; do not judge, and do not give advice that nobody asked for.',
      'Ask for no money, and sell nothing.',
      'When something troubles you, tell an admin.',
    ].join('\n\n'),
  },
  privacy: {
    label: 'Privacy',
    hint: 'Who can read what, and how to leave. Whoever joins says yes to the words of that day; it is kept which.',
    field: 'words',
    value: words(1, 10_000),
    byItself: [
      'People here see your name, who invited you, and what you share with everyone.',
      'What you ask of the prayer team only they read; what you keep to yourself only you. Both are kept locked. Whoever runs the server has the key.',
      'Everything is written to an archive of plain text. No addresses of the net are kept, nothing is shared with anybody else, and nothing here watches what you read.',
      'You can leave at any time: ask an admin. What you take back is shown to nobody else any more, but stays in the archive. A name that you had before can be erased there.',
    ].join('\n\n'),
  },
  reflections: {
    label: 'Reflections',
    hint: 'One is shown each day, in turn. One a line: the words, a bar, and where they stand. "Jesus wept. | John 11:35". While this is empty, there are sixty verses of the King James Version.',
    field: 'words',
    value: words(0, 10_000).refine(
      (text) => reflectionsIn(text).length === text.split('\n').filter((one) => one.trim() !== '').length,
      'Write one a line: the words, a bar |, and where they stand.',
    ),
    byItself: '',
  },
  giving: {
    label: 'Giving',
    hint: 'Where people can give, one a line: a few words, and an address that begins with https://. While this is empty, no page speaks of giving.',
    field: 'words',
    value: words(0, 2000).refine(
      (text) => givingIn(text) !== undefined,
      'Write one a line: a few words, and an address that begins with https://.',
    ),
    byItself: '',
  },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof knownSettings

/** What the community has decided, or has left as it is. */
export type Settings = { readonly [Name in SettingName]: z.output<(typeof knownSettings)[Name]['value']> }

// Object.keys forgets which names they are.
export const settingNames = Object.keys(knownSettings) as readonly SettingName[]

export const isSettingName = (name: string): name is SettingName => Object.hasOwn(knownSettings, name)

/** Every setting, of the texts that records give; one that is none any more counts as not set. */
export function settingsFrom(texts: ReadonlyMap<string, string | null>): Settings {
  const values = settingNames.map((name) => {
    const { value, byItself }: Setting = knownSettings[name]
    const outcome = value.safeParse(texts.get(name) ?? byItself)
    return [name, outcome.success ? outcome.data : value.parse(byItself)]
  })
  // Each value was parsed by the schema of its name.
  return Object.fromEntries(values) as Settings
}
