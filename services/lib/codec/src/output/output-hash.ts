import { statementHash } from '@camelid/crypto'
import { H2_BYTES } from '../address/address.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { HASH_BYTES } from '../transaction/out-point.ts'
import { encodeOpening, type Opening } from './opening.ts'

/**
 * What a node commits to before it is paid: the statement hash of jobId, tokens, text, salt and the h2 that is paid
 * (protocol: Job, outputHash). @throws CodecError TOO_LONG, BAD_LENGTH, OUT_OF_RANGE
 */
export function outputHash(
  output: Opening & { readonly jobId: Uint8Array; readonly rewardHash: Uint8Array },
): Uint8Array {
  const fields = new ByteWriter()
    .fixed(output.jobId, HASH_BYTES)
    .bytes(encodeOpening(output))
    .fixed(output.rewardHash, H2_BYTES)
    .finish()
  return statementHash('camelid/output/v1', fields)
}
