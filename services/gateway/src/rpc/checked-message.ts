import { type KnownType, knownType, payloadLimit, STATEMENT_TYPES, typeName } from '@camelid/p2p'
import { GatewayError } from '../gateway-error.ts'

/**
 * A message that our own services want sent: a job or statement, no larger than peers take it.
 * @throws GatewayError BAD_TYPE, TOO_LONG
 */
export function checkedMessage(message: { type: number; payload: Uint8Array }): {
  type: KnownType
  payload: Uint8Array
} {
  const type = knownType(message.type)
  if (type === undefined || !STATEMENT_TYPES.has(type))
    throw new GatewayError('BAD_TYPE', `only jobs and statements are sent for others, not type ${message.type}`)
  if (message.payload.length > payloadLimit(type))
    throw new GatewayError(
      'TOO_LONG',
      `a ${typeName(type)} has at most ${payloadLimit(type)} bytes, not ${message.payload.length}`,
    )
  // The bytes of a request may alias the buffer it came in, and a frame waits in queues.
  return { type, payload: message.payload.slice() }
}
