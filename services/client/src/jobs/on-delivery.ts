import { decodeCommitment, decodeDelivery } from '@camelid/codec'
import { equalBytes, verify } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { jobError, openDelivery } from '@camelid/job'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'

/**
 * The output that we paid for, encrypted to us. It is kept as it came, opened, and compared with what was committed to; a
 * delivery of rubbish is kept too, as evidence for a claim. Late ones count: a node delivers whenever it sees P.
 * True where there is an output to check now. Errors: JobError BAD_SIGNATURE.
 */
export function onDelivery(context: JobContext, live: LiveJob, bytes: Uint8Array): boolean {
  const { row, job } = live
  if (row.commitment === null || row.payment === null || row.delivery !== null) return false
  const { statement, signature, hash } = decodeDelivery(bytes)
  const commitment = decodeCommitment(row.commitment)
  if (!equalBytes(statement.commitmentHash, commitment.hash)) return false
  if (!verify(signature, hash, commitment.statement.nodeKey)) {
    throw jobError('BAD_SIGNATURE', 'the delivery is not signed by the node that committed')
  }
  const kept = { delivery: Uint8Array.from(bytes), delivered_ms: context.nowMs() }
  try {
    const { outputHash, rewardHash, tokenCount } = commitment.statement
    const opened = openDelivery({
      delivery: statement,
      commitment: { hash: commitment.hash, outputHash, rewardHash, tokenCount },
      job,
      clientSecret: context.keys.privateKey,
    })
    step(context, live, {
      stage: 'delivered',
      changes: {
        ...kept,
        // A text may end inside a character; the bytes themselves stay in the delivery.
        output: new TextDecoder().decode(opened.text),
        token_ids: JSON.stringify(opened.tokenIds),
        tokens: opened.tokenIds.length,
        reason: '',
      },
    })
    return true
  } catch (error) {
    if (!isCoded(error)) throw error
    const reason = `BAD_DELIVERY: the delivery does not open what was committed to (${error.code}: ${error.message})`
    step(context, live, {
      stage: 'failed',
      changes: { ...kept, reason },
      also: () => context.standings.noteFailure(commitment.statement.nodeKey),
    })
    return false
  }
}
