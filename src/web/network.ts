import { isIPv6 } from 'node:net'

/** What stands for whoever asks from this address: of IPv6 the first half, since each household has 2^64 addresses. */
export function networkOf(address: string): string {
  const plain = address.split('%', 1)[0] ?? ''
  if (!isIPv6(plain)) return plain
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  const [first = '', rest = ''] = plain.toLowerCase().split('::')
  const [before, after] = [groupsIn(first), groupsIn(rest)]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

/** An address may end in a dotted one, which is two groups. */
const groupsIn = (text: string) =>
  text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : group))
