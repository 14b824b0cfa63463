import { floodId, MAX_TTL, NO_ADDRESS } from '@camelid/p2p'
import type { BroadcastRequest } from '@camelid/proto/gateway/v1/gateway_pb'
import type { GatewayParts } from '../parts.ts'
import { seenKey } from '../relay/take-statement.ts'
import { checkedMessage } from './checked-message.ts'

/**
 * To every peer that wants it. Our own job-pool made it, so nothing goes back there, also not when a peer returns it.
 * @throws GatewayError BAD_TYPE, TOO_LONG
 */
export async function broadcast(parts: GatewayParts, request: BroadcastRequest): Promise<{ sent: number }> {
  const { type, payload } = checkedMessage(request)
  const frame = {
    type,
    payload,
    receiver: NO_ADDRESS,
    sender: parts.identity.h2,
    messageId: floodId(type, payload),
    ttl: MAX_TTL,
    flood: true,
  }
  parts.seen.addOwn(seenKey(frame))
  return { sent: parts.peers.flood(frame) }
}
