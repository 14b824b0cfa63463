import { create, toBinary } from '@bufbuild/protobuf'
import { decodeCommitment } from '@camelid/codec'
import { hash160 } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { submit } from '@camelid/p2p'
import { MessageType, Outcome, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'
import { isBefore } from './stage.ts'

const VERDICT_MS = 5_000

/**
 * Sends P, which is on disk, to all peers: the first time as a flood, for every pool is to put it in F's place; then
 * addressed to the node, since a flood that a peer has seen goes no further. The same bytes each time.
 */
export async function sendPayment(context: JobContext, live: LiveJob): Promise<void> {
  const { payment, commitment } = live.row
  if (payment === null || commitment === null) return
  const { statement, hash } = decodeCommitment(commitment)
  const { peers, log, signal, nowMs } = context
  const payload = toBinary(
    PaymentSchema,
    create(PaymentSchema, { jobId: live.row.jobId, commitmentHash: hash, transaction: payment }),
  )
  const message =
    live.paymentSends % 2 === 0
      ? { type: MessageType.PAYMENT, payload, flood: true }
      : { type: MessageType.PAYMENT, payload, receiver: hash160(statement.nodeKey) }
  live.paymentSends++
  live.sentMs = nowMs()
  let sent = 0
  for (const { connection, address } of peers.list()) {
    sent++
    submit(connection, message, { timeoutMs: VERDICT_MS, signal }).then(
      (verdict) => {
        if (verdict.outcome !== Outcome.REJECT) return
        live.lastRefusal = `${verdict.code}: ${verdict.detail}`
        log.warn({ jobId: live.id, peer: address, code: verdict.code, detail: verdict.detail }, 'payment refused')
      },
      (error: unknown) => {
        if (!signal.aborted)
          log.debug(
            { jobId: live.id, peer: address, reason: isCoded(error) ? error.code : String(error) },
            'no verdict on the payment',
          )
      },
    )
  }
  if (sent > 0 && isBefore(live.row.stage, 'paid')) step(context, live, { stage: 'paid' })
}
