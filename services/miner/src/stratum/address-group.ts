import { isIPv6 } from 'node:net'

const GROUPS_OF_NETWORK = 4

/**
 * Whom connections are counted for: an IPv4 address, also where it comes dressed as IPv6, or the /64 network of an IPv6
 * address, since whoever has one address of it has all.
 */
export function addressGroup(address: string | undefined): string {
  const plain = (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...new Array<string>(Math.max(0, zeros)).fill('0'), ...last]
  return groups.slice(0, GROUPS_OF_NETWORK).join(':')
}
