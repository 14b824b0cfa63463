import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { type CompactBody, compactPayload } from './payload.ts'

/** Sends a block to the peers that want new ones compact and do not have it. @param key hash in hex */
export function announceCompact(parts: Pick<GatewayParts, 'peers' | 'compact'>, key: string, body: CompactBody): void {
  parts.compact.kept.set(key, body)
  const peers = parts.peers.list().filter((peer) => wantsAnnounced(peer, key))
  if (peers.length === 0) return
  const payload = compactPayload(body)
  for (const peer of peers) if (peer.connection.send({ type: MessageType.COMPACT_BLOCK, payload })) peer.known.add(key)
}

/** A new block of our own chain, to those that want it compact. */
export async function announceOwn(
  parts: Pick<GatewayParts, 'peers' | 'compact' | 'owners' | 'signal'>,
  key: string,
  hash: Uint8Array,
): Promise<void> {
  if (!parts.peers.list().some((peer) => wantsAnnounced(peer, key))) return
  const kept = parts.compact.kept.get(key)
  const body = kept ?? (await parts.owners.chain.getCompactBlock({ hash }, { signal: parts.signal })).block
  if (body !== undefined) announceCompact(parts, key, body)
}

const wantsAnnounced = (peer: Peer, key: string): boolean => peer.wantsCompact && !peer.known.has(key)
