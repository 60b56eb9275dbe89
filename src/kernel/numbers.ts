/* Numbers as people read them. */

/** 1234567 as "1,234,567". */
export const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** "1 record", "1,200 records". */
export const counted = (count: number, unit: string) => `${grouped(count)} ${unit}${count === 1 ? '' : 's'}`

/** "less than a second", "40 seconds", "3 minutes", "2 hours": what something took or will take. */
export function lasting(seconds: number): string {
  if (seconds < 1) return 'less than a second'
  if (seconds < 90) return counted(Math.round(seconds), 'second')
  if (seconds < 90 * 60) return counted(Math.round(seconds / 60), 'minute')
  return counted(Math.round(seconds / 3600), 'hour')
}

/** "less than a second", "about 40 seconds": what is not known exactly. */
export const roughly = (seconds: number) => (seconds < 1 ? lasting(seconds) : `about ${lasting(seconds)}`)

/** "640 bytes", "12 kB", "3.4 MB", "1.2 GB". */
export function size(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte')
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** A long hexadecimal number in groups that an eye can follow. */
export const inFours = (hex: string): string[] => hex.match(/.{1,4}/g) ?? []
