import { isIP, isIPv4, SocketAddress } from 'node:net'

const MAPPED = '::ffff:'
/** Groups of 16 bits in an IPv6 address. */
const GROUPS = 8

/** An IP address in its one canonical spelling, an IPv4 address mapped into IPv6 as itself; a host name in lower case. */
export function plainHost(host: string): string {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase()
  const { address } = new SocketAddress({ address: host, family: family === 4 ? 'ipv4' : 'ipv6' })
  const mapped = address.slice(MAPPED.length)
  return address.startsWith(MAPPED) && isIPv4(mapped) ? mapped : address
}

/**
 * The first `groups` of 16 bits of an IPv6 address, undefined for anything else. One customer of a provider has the 64 bits behind the
 * first four at will.
 */
export function ipv6Prefix(host: string, groups: number): string | undefined {
  const plain = plainHost(host)
  if (isIP(plain) !== 6) return undefined
  const [head = '', tail] = plain.split('::')
  const split = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const [before, after] = [split(head), split(tail ?? '')]
  // The last two groups may be written as an IPv4 address.
  const written = before.length + after.length + Number(plain.includes('.'))
  const zeros = new Array<string>(tail === undefined ? 0 : GROUPS - written).fill('0')
  return [...before, ...zeros, ...after].slice(0, groups).join(':')
}

/** Who answers for an address: one IPv4 address, or the 64 bits of IPv6 that one customer gets. */
export function hostGroup(host: string): string {
  const prefix = ipv6Prefix(host, GROUPS / 2)
  return prefix === undefined ? plainHost(host) : `${prefix}::/64`
}
