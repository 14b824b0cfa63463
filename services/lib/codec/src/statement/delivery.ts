import { ECIES_OVERHEAD, SIGNATURE_BYTES } from '@camelid/crypto'
import { MAX_OPENING_BYTES } from '../output/opening.ts'
import { HASH_BYTES } from '../transaction/out-point.ts'
import { defineStatement } from './statement.ts'

/** The output, encrypted to the client, after the payment. Signed by the node that committed. */
export interface Delivery {
  readonly commitmentHash: Uint8Array
  /** E 33 ‖ AEAD output ‖ tag 16 over an opening (protocol: Job, Encryption to the client). */
  readonly ciphertext: Uint8Array
}

const MAX_CIPHERTEXT_BYTES = MAX_OPENING_BYTES + ECIES_OVERHEAD
/** With the signature; 5 bytes are the ciphertext's length. */
export const MAX_DELIVERY_BYTES = HASH_BYTES + 5 + MAX_CIPHERTEXT_BYTES + SIGNATURE_BYTES

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE */
export const {
  encode: encodeDelivery,
  decode: decodeDelivery,
  hash: hashDelivery,
} = defineStatement<Delivery>({
  tag: 'camelid/deliver/v1',
  maxBytes: MAX_DELIVERY_BYTES,
  write(writer, delivery) {
    writer.fixed(delivery.commitmentHash, HASH_BYTES).varBytes(delivery.ciphertext)
  },
  read: (reader) => ({
    commitmentHash: reader.bytes(HASH_BYTES),
    ciphertext: reader.varBytes(MAX_CIPHERTEXT_BYTES),
  }),
})
