import { encodeOutPoint, H2_BYTES, HASH_BYTES } from '@camelid/codec'
import type { OutPoint } from '@camelid/proto/chain/v1/chain_pb'
import { ChainError } from '../chain-error.ts'

/** A copy, since messages may alias the frame they came in. @throws ChainError BAD_REQUEST */
export function parseBytes(bytes: Uint8Array, length: number, field: string): Uint8Array {
  if (bytes.length !== length) throw new ChainError('BAD_REQUEST', `${field} has ${bytes.length} bytes, not ${length}`)
  return bytes.slice()
}

export const parseHash = (bytes: Uint8Array, field: string): Uint8Array => parseBytes(bytes, HASH_BYTES, field)

export const parseH2 = (bytes: Uint8Array, field: string): Uint8Array => parseBytes(bytes, H2_BYTES, field)

/** The 36 bytes by which the store knows an output. @throws ChainError BAD_REQUEST */
export function parseOutPoint(outpoint: OutPoint | undefined, field: string): Uint8Array {
  if (outpoint === undefined) throw new ChainError('BAD_REQUEST', `${field} is missing`)
  return encodeOutPoint({ txid: parseHash(outpoint.txid, `${field}.txid`), index: outpoint.index })
}
