export { decodeAddress, encodeAddress, H2_BYTES } from './address/address.ts'
export { base58CheckDecode, base58CheckEncode, base58Decode, base58Encode } from './address/base58.ts'
export { type Block, decodeBlock, decodeBlockWithIds, encodeBlock, MAX_BLOCK_BYTES } from './block/block.ts'
export { type BlockHeader, decodeHeader, encodeHeader, HEADER_BYTES, headerHash } from './block/header.ts'
export { ByteReader } from './bytes/byte-reader.ts'
export { ByteWriter } from './bytes/byte-writer.ts'
export { displayHash, parseDisplayHash } from './bytes/display-hash.ts'
export { CodecError, type CodecErrorCode, MALFORMED_SCORE } from './codec-error.ts'
export { decodeShortIds, encodeShortIds, SHORT_ID_BYTES, ShortIds } from './compact/short-ids.ts'
export { decodeJob } from './job/decode-job.ts'
export { encodeJob } from './job/encode-job.ts'
export { type InputSegment, JOB_LIMITS, JOB_VERSION, type Job, MAX_JOB_BYTES } from './job/job.ts'
export { jobId } from './job/job-id.ts'
export {
  decodeEqualLogsEvidence,
  EQUAL_LOGS_EVIDENCE_BYTES,
  encodeEqualLogsEvidence,
} from './output/equal-logs-evidence.ts'
export {
  decodeOpening,
  encodeOpening,
  MAX_OPENING_BYTES,
  MAX_OUTPUT_TEXT_BYTES,
  type Opening,
  SALT_BYTES,
} from './output/opening.ts'
export { outputHash } from './output/output-hash.ts'
export { type Acceptance, decodeAcceptance, encodeAcceptance, hashAcceptance } from './statement/acceptance.ts'
export { CLAIM_KIND, type Claim, type ClaimKind, decodeClaim, encodeClaim, hashClaim } from './statement/claim.ts'
export {
  type Commitment,
  decodeCommitment,
  encodeCommitment,
  hashCommitment,
  MAX_ENGINE_NAME_BYTES,
} from './statement/commitment.ts'
export { type Counter, decodeCounter, encodeCounter, hashCounter } from './statement/counter.ts'
export {
  type Delivery,
  decodeDelivery,
  encodeDelivery,
  hashDelivery,
  MAX_DELIVERY_BYTES,
} from './statement/delivery.ts'
export { decodeProgress, encodeProgress, hashProgress, type Progress } from './statement/progress.ts'
export type { Signed } from './statement/statement.ts'
export { decodeTransaction } from './transaction/decode-transaction.ts'
export { encodeTransaction, txid } from './transaction/encode-transaction.ts'
export {
  decodeOutPoint,
  encodeOutPoint,
  HASH_BYTES,
  OUT_POINT_BYTES,
  type OutPoint,
  outPointKey,
} from './transaction/out-point.ts'
export {
  hasJob,
  isCoinbase,
  MAX_MONEY,
  MAX_TRANSACTION_BYTES,
  NULL_JOB_ID,
  type Transaction,
  type TransactionMode,
  type TxIn,
  type TxOut,
} from './transaction/transaction.ts'
