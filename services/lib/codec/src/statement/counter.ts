import { SIGNATURE_BYTES } from '@camelid/crypto'
import { HASH_BYTES } from '../transaction/out-point.ts'
import { MAX_DELIVERY_BYTES } from './delivery.ts'
import { defineStatement } from './statement.ts'

/** The node answers a claim with the delivery that it says is missing. Signed by the node. */
export interface Counter {
  readonly claimHash: Uint8Array
  /** A whole Delivery with its signature. Not parsed here. */
  readonly delivery: Uint8Array
}

const MAX_COUNTER_BYTES = HASH_BYTES + 5 + MAX_DELIVERY_BYTES + SIGNATURE_BYTES

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE */
export const {
  encode: encodeCounter,
  decode: decodeCounter,
  hash: hashCounter,
} = defineStatement<Counter>({
  tag: 'camelid/counter/v1',
  maxBytes: MAX_COUNTER_BYTES,
  write(writer, counter) {
    writer.fixed(counter.claimHash, HASH_BYTES).varBytes(counter.delivery)
  },
  read: (reader) => ({ claimHash: reader.bytes(HASH_BYTES), delivery: reader.varBytes(MAX_DELIVERY_BYTES) }),
})
