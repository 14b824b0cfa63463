import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '@camelid/crypto'
import { readPublicKey } from '../bytes/public-key.ts'
import { HASH_BYTES } from '../transaction/out-point.ts'
import { defineStatement } from './statement.ts'
import { readTokenCount } from './token-count.ts'

/** A node that works on a job says how far it is, and so keeps its lease. Signed by the node. */
export interface Progress {
  readonly jobId: Uint8Array
  readonly nodeKey: Uint8Array
  /** Tokens generated so far, at most 65,536. */
  readonly tokenCount: number
}

const TOKEN_COUNT_BYTES = 4

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, BAD_KEY, OUT_OF_RANGE */
export const {
  encode: encodeProgress,
  decode: decodeProgress,
  hash: hashProgress,
} = defineStatement<Progress>({
  tag: 'camelid/progress/v1',
  maxBytes: HASH_BYTES + PUBLIC_KEY_BYTES + TOKEN_COUNT_BYTES + SIGNATURE_BYTES,
  write(writer, progress) {
    writer.fixed(progress.jobId, HASH_BYTES).fixed(progress.nodeKey, PUBLIC_KEY_BYTES).u32(progress.tokenCount)
  },
  read: (reader) => ({
    jobId: reader.bytes(HASH_BYTES),
    nodeKey: readPublicKey(reader),
    tokenCount: readTokenCount(reader),
  }),
})
