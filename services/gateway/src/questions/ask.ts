import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'

/**
 * Puts a peer's question to an owner. Short questions may mean long work, so that a peer has few before the owners at once, and all peers
 * together not so many that the owners' own work waits behind them. Never wait for a peer within `question`.
 */
export function ask<T>(parts: Pick<GatewayParts, 'asking'>, peer: Peer, question: () => Promise<T>): Promise<T> {
  return peer.asking.run(() => parts.asking.run(question))
}
