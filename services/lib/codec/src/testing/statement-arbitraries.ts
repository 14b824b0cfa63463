import fc from 'fast-check'
import { JOB_LIMITS } from '../job/job.ts'
import { EQUAL_LOGS_EVIDENCE_BYTES } from '../output/equal-logs-evidence.ts'
import { CLAIM_KIND, type Claim } from '../statement/claim.ts'
import { MAX_ENGINE_NAME_BYTES } from '../statement/commitment.ts'
import { bytesOf, hash, outPoint, publicKey, record, u32, utf8Text } from './arbitraries.ts'

// Statements for property tests, each as its maker may write it.

const tokenCount = fc.integer({ min: 0, max: JOB_LIMITS.maxTokens })
const someBytes = fc.uint8Array({ maxLength: 300 })

export const acceptance = record({ jobId: hash, nodeKey: publicKey, bondOutpoint: outPoint })
export const progress = record({ jobId: hash, nodeKey: publicKey, tokenCount })
export const commitment = record({
  jobId: hash,
  nodeKey: publicKey,
  outputHash: hash,
  rewardHash: bytesOf(20),
  tokenCount,
  engine: utf8Text(MAX_ENGINE_NAME_BYTES),
  backend: utf8Text(MAX_ENGINE_NAME_BYTES),
  height: u32,
  bondOutpoint: outPoint,
  testament: someBytes,
})
export const delivery = record({ commitmentHash: hash, ciphertext: someBytes })
export const claim: fc.Arbitrary<Claim> = fc.oneof(
  record({
    commitmentHash: hash,
    kind: fc.constant(CLAIM_KIND.INVALID_OUTPUT),
    evidence: someBytes,
    feePayment: someBytes,
  }),
  record({
    commitmentHash: hash,
    kind: fc.constant(CLAIM_KIND.NO_OUTPUT),
    evidence: fc.oneof(bytesOf(0), bytesOf(EQUAL_LOGS_EVIDENCE_BYTES)),
    feePayment: someBytes,
  }),
)
export const counter = record({ claimHash: hash, delivery: someBytes })
