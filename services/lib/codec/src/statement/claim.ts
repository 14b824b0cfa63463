import { SIGNATURE_BYTES } from '@camelid/crypto'
import { type ByteReader, malformed } from '../bytes/byte-reader.ts'
import { EQUAL_LOGS_EVIDENCE_BYTES } from '../output/equal-logs-evidence.ts'
import { MAX_OPENING_BYTES } from '../output/opening.ts'
import { HASH_BYTES } from '../transaction/out-point.ts'
import { MAX_TRANSACTION_BYTES } from '../transaction/transaction.ts'
import { defineStatement } from './statement.ts'

/** What a claim says, and what its verdict says: the same numbers (protocol: Job, Statements; OP_CHECKVERDICT). */
export const CLAIM_KIND = { INVALID_OUTPUT: 1, NO_OUTPUT: 2 } as const
export type ClaimKind = (typeof CLAIM_KIND)[keyof typeof CLAIM_KIND]

/** The client disputes a commitment that it paid (protocol: Disputes). Signed by the client. */
export interface Claim {
  readonly commitmentHash: Uint8Array
  readonly kind: ClaimKind
  /** INVALID_OUTPUT: an opening. NO_OUTPUT: empty, or a proof of equal logarithms. Not parsed here. */
  readonly evidence: Uint8Array
  /** Bytes of C, the payment to the committee; empty in a claim that holds nothing yet. */
  readonly feePayment: Uint8Array
}

// The two lengths before evidence and C take 5 bytes each at most.
const MAX_CLAIM_BYTES = HASH_BYTES + 1 + 5 + MAX_OPENING_BYTES + 5 + MAX_TRANSACTION_BYTES + SIGNATURE_BYTES

/** @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE, BAD_KIND, BAD_LENGTH */
export const {
  encode: encodeClaim,
  decode: decodeClaim,
  hash: hashClaim,
} = defineStatement<Claim>({
  tag: 'camelid/claim/v1',
  maxBytes: MAX_CLAIM_BYTES,
  write(writer, claim) {
    writer.fixed(claim.commitmentHash, HASH_BYTES).u8(claim.kind).varBytes(claim.evidence).varBytes(claim.feePayment)
  },
  read(reader) {
    const commitmentHash = reader.bytes(HASH_BYTES)
    const kind = readKind(reader)
    const evidence = readEvidence(reader, kind)
    return { commitmentHash, kind, evidence, feePayment: reader.varBytes(MAX_TRANSACTION_BYTES) }
  },
})

function readKind(reader: ByteReader): ClaimKind {
  const kind = reader.u8()
  if (kind !== CLAIM_KIND.INVALID_OUTPUT && kind !== CLAIM_KIND.NO_OUTPUT) {
    throw malformed('BAD_KIND', `A claim has kind ${kind}; 1 (invalid output) and 2 (no output) are known.`)
  }
  return kind
}

function readEvidence(reader: ByteReader, kind: ClaimKind): Uint8Array {
  if (kind === CLAIM_KIND.INVALID_OUTPUT) return reader.varBytes(MAX_OPENING_BYTES)
  const evidence = reader.varBytes(EQUAL_LOGS_EVIDENCE_BYTES)
  if (evidence.length !== 0 && evidence.length !== EQUAL_LOGS_EVIDENCE_BYTES) {
    throw malformed('BAD_LENGTH', `Evidence of no output is empty or has ${EQUAL_LOGS_EVIDENCE_BYTES} bytes.`)
  }
  return evidence
}
