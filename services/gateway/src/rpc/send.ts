import { randomBytes } from 'node:crypto'
import { equalBytes } from '@camelid/crypto'
import { MAX_TTL } from '@camelid/p2p'
import type { SendRequest } from '@camelid/proto/gateway/v1/gateway_pb'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import { seenKey, sendAddressed } from '../relay/take-statement.ts'
import { checkedMessage } from './checked-message.ts'

/**
 * To one node by its h2: directly, along a learned route, or by flooding with a ttl.
 * @throws GatewayError BAD_RECEIVER, BAD_TYPE, TOO_LONG
 */
export async function send(parts: GatewayParts, request: SendRequest): Promise<{ sent: number }> {
  const receiver = request.receiver.slice()
  if (receiver.length !== 20) throw new GatewayError('BAD_RECEIVER', 'a receiver is an h2 of 20 bytes')
  if (equalBytes(receiver, parts.identity.h2))
    throw new GatewayError('BAD_RECEIVER', 'the receiver is this node itself')
  const { type, payload } = checkedMessage(request)
  const frame = {
    type,
    payload,
    receiver,
    sender: parts.identity.h2,
    messageId: randomBytes(16),
    ttl: MAX_TTL,
    flood: false,
  }
  parts.seen.addOwn(seenKey(frame))
  return { sent: sendAddressed(parts, frame) }
}
