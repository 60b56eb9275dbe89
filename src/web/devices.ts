/*
 * What kind of device asks, in words that its owner knows again. Browsers say it themselves, as they like: it helps people
 * to tell their devices apart, and nothing is decided by it.
 */

type Sign = readonly [sign: RegExp, words: string]

/** The first that fits: many say of themselves that they are several. */
const kinds: readonly Sign[] = [
  [/iPhone|iPod/, 'an iPhone'],
  [/iPad/, 'an iPad'],
  [/Android.*Mobile/, 'a phone with Android'],
  [/Android/, 'a tablet with Android'],
  [/CrOS/, 'a Chromebook'],
  [/Windows/, 'a computer with Windows'],
  [/Macintosh.*Version\/\S+ Safari/, 'a Mac or iPad'],
  [/Macintosh/, 'a Mac'],
  [/Linux|X11/, 'a computer with Linux'],
]

const browsers: readonly Sign[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Version\/\S+.* Safari\//, 'Safari'],
]

/** "a phone with Android, Chrome"; undefined when it does not say anything we know. */
export function deviceOf(userAgent: string | undefined = ''): string | undefined {
  const seen = userAgent.slice(0, 1_000)
  const first = (signs: readonly Sign[]) => signs.find(([sign]) => sign.test(seen))?.[1]
  const words = [first(kinds), first(browsers)].filter((one) => one !== undefined)
  return words.length > 0 ? words.join(', ') : undefined
}
