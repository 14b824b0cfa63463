import { P2pError } from './errors.ts'
import { type KnownType, knownType, typeName } from './message-type.ts'

/** Bytes of a frame header: magic 4 · version 1 · type 1 · ttl 1 · flags 1 · messageId 16 · sender 20 · receiver 20 · length 4 · checksum 4. */
export const HEADER_BYTES = 72
/** Version of the peer protocol. */
export const PROTOCOL_VERSION = 1
/** Hops after which a message goes no further. */
export const MAX_TTL = 16

const FLAG_FLOOD = 0x01

/** A frame header as protocol §8 lays it out; the addresses are h2 of node keys, receiver zero = whoever gets it. */
export interface FrameHeader {
  readonly type: KnownType
  readonly ttl: number
  readonly flood: boolean
  readonly messageId: Uint8Array
  readonly sender: Uint8Array
  readonly receiver: Uint8Array
  readonly length: number
  readonly checksum: Uint8Array
}

export function encodeHeader(header: FrameHeader, magic: Uint8Array): Uint8Array {
  const out = new Uint8Array(HEADER_BYTES)
  out.set(magic, 0)
  out[4] = PROTOCOL_VERSION
  out[5] = header.type
  out[6] = header.ttl
  out[7] = header.flood ? FLAG_FLOOD : 0
  out.set(header.messageId, 8)
  out.set(header.sender, 24)
  out.set(header.receiver, 44)
  new DataView(out.buffer).setUint32(64, header.length, true)
  out.set(header.checksum, 68)
  return out
}

/**
 * Reads and judges a header, before any memory is taken for its payload.
 * @param limitOf largest payload of a type in bytes, or undefined where the type is out of place now
 * @throws P2pError WRONG_NETWORK, OLD_VERSION, UNKNOWN_TYPE, BAD_FLAGS, UNEXPECTED_MESSAGE, TOO_LONG
 */
export function decodeHeader(
  bytes: Uint8Array,
  magic: Uint8Array,
  limitOf: (type: KnownType) => number | undefined,
): FrameHeader {
  for (let i = 0; i < 4; i++) {
    if (bytes[i] !== magic[i])
      throw new P2pError('WRONG_NETWORK', `the peer speaks for another network: magic ${hex(bytes.subarray(0, 4))}`, {
        score: 20,
      })
  }
  const version = bytes[4] ?? 0
  if (version !== PROTOCOL_VERSION)
    throw new P2pError('OLD_VERSION', `peer protocol version ${version}, this node speaks ${PROTOCOL_VERSION}`, {
      data: { version },
    })
  const type = knownType(bytes[5] ?? 0)
  if (type === undefined)
    throw new P2pError('UNKNOWN_TYPE', `message type ${bytes[5]} is not known`, {
      data: { type: bytes[5] ?? 0 },
      score: 50,
    })
  const flags = bytes[7] ?? 0
  if ((flags & ~FLAG_FLOOD) !== 0)
    throw new P2pError('BAD_FLAGS', `unknown flags 0x${flags.toString(16)}`, { score: 50 })
  const limit = limitOf(type)
  if (limit === undefined)
    throw new P2pError('UNEXPECTED_MESSAGE', `${typeName(type)} is out of place here`, { score: 50 })
  const length = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES).getUint32(64, true)
  if (length > limit)
    throw new P2pError('TOO_LONG', `${typeName(type)} of ${length} bytes, at most ${limit} are allowed`, {
      data: { length, limit },
      score: 100,
    })
  return {
    type,
    ttl: bytes[6] ?? 0,
    flood: (flags & FLAG_FLOOD) !== 0,
    messageId: bytes.slice(8, 24),
    sender: bytes.slice(24, 44),
    receiver: bytes.slice(44, 64),
    length,
    checksum: bytes.slice(68, 72),
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
