import { BlockList, isIP } from 'node:net'
import { hostGroup, ipv6Prefix, plainHost } from '@camelid/p2p'
import type { PeerAddress } from '@camelid/proto/p2p/v1/messages_pb'

const MAX_AGE_MS = 30 * 86_400_000

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Not reachable, or not to be reached, from the open network: nobody may make us knock there. */
const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 96],
  // These hold an IPv4 address, which may be a private one.
  ['64:ff9b::', 96],
  ['2001::', 32],
  ['2002::', 16],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6')

export function isLoopback(host: string): boolean {
  return within(LOOPBACK, plainHost(host))
}

/** Under this name scores and bans of a node key are kept. */
export function keySubject(h2Hex: string): string {
  return `key:${h2Hex}`
}

/** Under this name scores and bans of a host are kept: one IPv4 address, or the /64 of IPv6 that one customer has. */
export function hostSubject(host: string): string {
  return `host:${hostGroup(host)}`
}

/** May a peer tell of this address? Only literal IP addresses, and public ones on a public network. */
export function isTellable(address: Pick<PeerAddress, 'host' | 'port'>, network: string): boolean {
  if (isIP(address.host) === 0 || address.port < 1 || address.port > 65_535) return false
  return network === 'local' || !within(PRIVATE, plainHost(address.host))
}

/** When a peer says it was last seen, in Unix milliseconds: never in the future; undefined where it is too long ago. */
export function lastSeenMs(lastSeenSeconds: bigint, nowMs: number): number | undefined {
  const claimed = lastSeenSeconds > BigInt(Math.floor(nowMs / 1000)) ? nowMs : Number(lastSeenSeconds) * 1000
  return nowMs - claimed > MAX_AGE_MS ? undefined : claimed
}

/** The part of the network an address lies in: /16 of IPv4, /32 of IPv6, the name itself for a host name. */
export function groupOf(host: string): string {
  const address = plainHost(host)
  if (isIP(address) === 4) return address.split('.').slice(0, 2).join('.')
  return ipv6Prefix(address, 2) ?? address.slice(0, 64)
}

function within(list: BlockList, host: string): boolean {
  const version = isIP(host)
  return version !== 0 && list.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
