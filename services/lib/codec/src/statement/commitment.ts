import { PUBLIC_KEY_BYTES } from '@camelid/crypto'
import { H2_BYTES } from '../address/address.ts'
import { readPublicKey } from '../bytes/public-key.ts'
import { HASH_BYTES, type OutPoint, readOutPoint, writeOutPoint } from '../transaction/out-point.ts'
import { MAX_TRANSACTION_BYTES } from '../transaction/transaction.ts'
import { defineStatement } from './statement.ts'
import { readTokenCount } from './token-count.ts'

/** A node binds itself to an output before it is paid, with its bond at stake. Signed by the node. */
export interface Commitment {
  readonly jobId: Uint8Array
  readonly nodeKey: Uint8Array
  readonly outputHash: Uint8Array
  /** h2 that the payment goes to, 20 bytes. */
  readonly rewardHash: Uint8Array
  readonly tokenCount: number
  /** Name and build, such as "node-llama-cpp 3.22.1 / llama.cpp b1234". */
  readonly engine: string
  /** Backend class, such as "cpu x64". */
  readonly backend: string
  /** H: the block that draws the committee, of a height still to come. */
  readonly height: number
  readonly bondOutpoint: OutPoint
  /** Bytes of S, the transaction that a verdict releases (protocol: Job, S). */
  readonly testament: Uint8Array
}

/** Bytes of UTF-8 in engine and in backend at most. */
export const MAX_ENGINE_NAME_BYTES = 128
// The fields other than the testament take 524 bytes at most.
const MAX_COMMITMENT_BYTES = MAX_TRANSACTION_BYTES + 1_024

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE, BAD_UTF8, BAD_KEY, OUT_OF_RANGE */
export const {
  encode: encodeCommitment,
  decode: decodeCommitment,
  hash: hashCommitment,
} = defineStatement<Commitment>({
  tag: 'camelid/commit/v1',
  maxBytes: MAX_COMMITMENT_BYTES,
  write(writer, commitment) {
    writer
      .fixed(commitment.jobId, HASH_BYTES)
      .fixed(commitment.nodeKey, PUBLIC_KEY_BYTES)
      .fixed(commitment.outputHash, HASH_BYTES)
      .fixed(commitment.rewardHash, H2_BYTES)
      .u32(commitment.tokenCount)
      .text(commitment.engine)
      .text(commitment.backend)
      .u32(commitment.height)
    writeOutPoint(writer, commitment.bondOutpoint)
    writer.varBytes(commitment.testament)
  },
  read: (reader) => ({
    jobId: reader.bytes(HASH_BYTES),
    nodeKey: readPublicKey(reader),
    outputHash: reader.bytes(HASH_BYTES),
    rewardHash: reader.bytes(H2_BYTES),
    tokenCount: readTokenCount(reader),
    engine: reader.text(MAX_ENGINE_NAME_BYTES),
    backend: reader.text(MAX_ENGINE_NAME_BYTES),
    height: reader.u32(),
    bondOutpoint: readOutPoint(reader),
    testament: reader.varBytes(MAX_TRANSACTION_BYTES),
  }),
})
