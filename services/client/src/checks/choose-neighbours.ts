import { randomInt } from 'node:crypto'
import { equalBytes } from '@camelid/crypto'
import { offers, Services } from '@camelid/p2p'
import { checkerScore } from '../nodes/score.ts'
import type { Standings } from '../nodes/standings.ts'
import type { Peer, PeerSet } from '../peers/peer-set.ts'

/** Neighbours of one check: enough to outvote two liars, few enough to be cheap. */
const MAX_NEIGHBOURS = 7

/**
 * Whom to ask about an output: connected nodes that check for others, but not the one that made it, nor any that cheats as a
 * checker; those with the best past first, equals by lot.
 */
export function chooseNeighbours(peers: PeerSet, standings: Standings, maker: Uint8Array): Peer[] {
  return peers
    .list()
    .filter(
      ({ connection }) => offers(connection.hello.services, Services.CHECKS) && !equalBytes(connection.peerKey, maker),
    )
    .map((peer) => ({ peer, score: checkerScore(standings.get(peer.connection.peerKey)), lot: randomInt(2 ** 32) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.lot - b.lot)
    .slice(0, MAX_NEIGHBOURS)
    .map(({ peer }) => peer)
}
