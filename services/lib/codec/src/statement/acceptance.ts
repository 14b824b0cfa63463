import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '@camelid/crypto'
import { readPublicKey } from '../bytes/public-key.ts'
import { HASH_BYTES, OUT_POINT_BYTES, type OutPoint, readOutPoint, writeOutPoint } from '../transaction/out-point.ts'
import { defineStatement } from './statement.ts'

/** A node offers to do a job and names the bond slot that it puts up. Signed by the node. */
export interface Acceptance {
  readonly jobId: Uint8Array
  readonly nodeKey: Uint8Array
  readonly bondOutpoint: OutPoint
}

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, BAD_KEY */
export const {
  encode: encodeAcceptance,
  decode: decodeAcceptance,
  hash: hashAcceptance,
} = defineStatement<Acceptance>({
  tag: 'camelid/accept/v1',
  maxBytes: HASH_BYTES + PUBLIC_KEY_BYTES + OUT_POINT_BYTES + SIGNATURE_BYTES,
  write(writer, acceptance) {
    writer.fixed(acceptance.jobId, HASH_BYTES).fixed(acceptance.nodeKey, PUBLIC_KEY_BYTES)
    writeOutPoint(writer, acceptance.bondOutpoint)
  },
  read: (reader) => ({
    jobId: reader.bytes(HASH_BYTES),
    nodeKey: readPublicKey(reader),
    bondOutpoint: readOutPoint(reader),
  }),
})
