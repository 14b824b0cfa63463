import { type Delivery, decodeOpening, type Job, jobId, type Opening, outputHash } from '@camelid/codec'
import { eciesDecrypt, equalBytes } from '@camelid/crypto'
import { jobError } from './errors.ts'

/** What is needed of the commitment that a delivery answers. */
export type CommittedOutput = {
  readonly hash: Uint8Array
  readonly outputHash: Uint8Array
  readonly rewardHash: Uint8Array
  readonly tokenCount: number
}

/**
 * Decrypts a delivery and checks that it is what was committed to (protocol §5). @throws JobError BAD_OUTPUT, CryptoError
 * ECIES_FAILED, CodecError: each is a delivery of rubbish
 */
export function openDelivery(options: {
  readonly delivery: Delivery
  readonly commitment: CommittedOutput
  readonly job: Job
  readonly clientSecret: Uint8Array
}): Opening {
  const { delivery, commitment, job, clientSecret } = options
  if (!equalBytes(delivery.commitmentHash, commitment.hash)) {
    throw jobError('WRONG_JOB', 'the delivery answers another commitment')
  }
  const plaintext = eciesDecrypt({ ciphertext: delivery.ciphertext, clientSecret, commitmentHash: commitment.hash })
  const opened = decodeOpening(plaintext)
  checkOpening(opened, commitment, job)
  return opened
}

/** Whether an opening matches the committed hash and count. @throws JobError BAD_OUTPUT */
export function checkOpening(opened: Opening, commitment: CommittedOutput, job: Job): void {
  if (opened.tokenIds.length !== commitment.tokenCount) {
    throw jobError(
      'BAD_OUTPUT',
      `the output has ${opened.tokenIds.length} tokens, ${commitment.tokenCount} were committed`,
    )
  }
  const hash = outputHash({ ...opened, jobId: jobId(job), rewardHash: commitment.rewardHash })
  if (!equalBytes(hash, commitment.outputHash)) throw jobError('BAD_OUTPUT', 'the output is not the one committed to')
}
