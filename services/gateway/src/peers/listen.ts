import { listenPeers, type PeerListener, type PeerOptions } from '@camelid/p2p'
import type { Config } from '../config.ts'
import type { GatewayParts } from '../parts.ts'
import { FELT } from './reach.ts'
import { servePeer } from './serve-peer.ts'

/** Handshakes of newcomers at once. */
const HANDSHAKES = 64

/**
 * Lets peers in.
 * @throws P2pError PORT_IN_USE, LISTEN_FAILED
 */
export async function listen(parts: GatewayParts, options: PeerOptions, config: Config): Promise<PeerListener> {
  return await listenPeers({
    ...options,
    host: config.P2P_HOST,
    port: config.P2P_PORT,
    listenPort: config.P2P_PORT,
    maxSockets: maxSockets(config),
    maxHandshakes: HANDSHAKES,
    // On one machine all share an address; elsewhere no single one may take every place.
    maxSocketsPerHost: config.MAX_INBOUND_PER_HOST ?? inboundPerHost(config),
    onConnection: (connection) => {
      parts.reachability.cameIn(connection.remote)
      void servePeer(parts, connection)
    },
    onCrowded: () => parts.metrics.crowded(),
    onRefused: (remote, reason) => {
      parts.metrics.refused(reason.code)
      // A feeler: it came in, and that was all it wanted to see.
      if (reason.data.code === FELT) parts.reachability.cameIn(remote)
      parts.log.debug({ ...remote, code: reason.code, reason: reason.message }, 'a connection was refused')
      parts.bans.charge({ h2Hex: undefined, remote }, reason.score, `${reason.code}: ${reason.message}`)
    },
  })
}

function inboundPerHost({ NETWORK, MAX_INBOUND }: Config): number {
  return NETWORK === 'local' ? maxSockets({ MAX_INBOUND }) : Math.ceil(MAX_INBOUND / 8)
}

/** Beside the places there is room for newcomers until one is made for them, and for the last words of those who left. */
function maxSockets({ MAX_INBOUND }: Pick<Config, 'MAX_INBOUND'>): number {
  return MAX_INBOUND + HANDSHAKES * 2
}
