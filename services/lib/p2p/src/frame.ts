import { sha256d } from '@camelid/crypto'
import { P2pError } from './errors.ts'
import { encodeHeader, HEADER_BYTES, MAX_TTL } from './header.ts'
import { type KnownType, payloadLimit, typeName } from './message-type.ts'

/** One message as it came: header fields that matter to its reader, and the payload (protobuf of its type). */
export interface Frame {
  readonly type: KnownType
  readonly ttl: number
  readonly flood: boolean
  readonly messageId: Uint8Array
  readonly sender: Uint8Array
  readonly receiver: Uint8Array
  readonly payload: Uint8Array
}

/** Nobody in particular: receiver of a message for whoever gets it. */
export const NO_ADDRESS: Uint8Array = new Uint8Array(20)

/** messageId of a flood: the first 16 bytes of SHA-256d(type ‖ payload), so that nobody can occupy it (protocol §8). */
export function floodId(type: KnownType, payload: Uint8Array): Uint8Array {
  const preimage = new Uint8Array(1 + payload.length)
  preimage[0] = type
  preimage.set(payload, 1)
  return sha256d(preimage).subarray(0, 16)
}

/** First 4 bytes of SHA-256d of the payload. */
export function checksum(payload: Uint8Array): Uint8Array {
  return sha256d(payload).subarray(0, 4)
}

/**
 * The bytes of one frame.
 * @throws P2pError TOO_LONG where the payload is over the limit of its type: no peer would take it
 */
export function encodeFrame(frame: Frame, magic: Uint8Array): Uint8Array {
  const limit = payloadLimit(frame.type)
  if (frame.payload.length > limit)
    throw new P2pError(
      'TOO_LONG',
      `${typeName(frame.type)} of ${frame.payload.length} bytes, at most ${limit} are allowed`,
    )
  const header = encodeHeader(
    {
      ...frame,
      ttl: Math.min(frame.ttl, MAX_TTL),
      length: frame.payload.length,
      checksum: checksum(frame.payload),
    },
    magic,
  )
  const out = new Uint8Array(HEADER_BYTES + frame.payload.length)
  out.set(header, 0)
  out.set(frame.payload, HEADER_BYTES)
  return out
}
