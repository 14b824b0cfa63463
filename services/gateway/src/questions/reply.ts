import type { OutgoingMessage } from '@camelid/p2p'
import type { Peer } from '../peers/peer.ts'

/** Answers to one peer may wait for room side by side; none of them is beaten to it more often than this. */
const MAX_TRIES = 64

/** Sends an answer once there is room for it. False where the connection ended, or takes nothing: an answer is then given up. */
export async function reply(peer: Peer, message: OutgoingMessage): Promise<boolean> {
  const { connection } = peer
  const bytes = connection.encode(message)
  for (let tries = 0; tries < MAX_TRIES && connection.reason === undefined; tries++) {
    if (connection.sendEncoded(message.type, bytes)) return true
    await connection.room()
  }
  return false
}
