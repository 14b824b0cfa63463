import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, judgementOf } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { acceptAcceptance } from './accept-acceptance.ts'
import { acceptCommitment } from './accept-commitment.ts'
import { acceptDelivery } from './accept-delivery.ts'
import { acceptDispute } from './accept-dispute.ts'
import { acceptJob } from './accept-job.ts'
import { acceptPayment } from './accept-payment.ts'
import { acceptProgress } from './accept-progress.ts'

/** One message of a peer. */
type Message = {
  readonly type: number
  readonly payload: Uint8Array
  /** It came as the answer to what this node missed. */
  readonly told: boolean
}

/** Takes one message of a peer to its verb. Never throws: a fault of ours is logged, and nobody is charged for it. */
export async function judgeMessage(pool: Pool, message: Message): Promise<Judgement> {
  try {
    return await dispatch(pool, message)
  } catch (error) {
    const judgement = judgementOf(error)
    if (judgement !== null) return judgement
    pool.log.error({ err: error, type: message.type }, 'a message could not be judged')
    return ignore('INTERNAL', 'the job-pool failed; its log says more')
  }
}

function dispatch(pool: Pool, { type, payload, told }: Message): Promise<Judgement> {
  switch (type) {
    case MessageType.JOB:
      return acceptJob(pool, payload, told)
    case MessageType.ACCEPTANCE:
      return acceptAcceptance(pool, payload)
    case MessageType.PROGRESS:
      return acceptProgress(pool, payload)
    case MessageType.COMMITMENT:
      return acceptCommitment(pool, payload)
    case MessageType.PAYMENT:
      return acceptPayment(pool, payload)
    case MessageType.DELIVERY:
      return acceptDelivery(pool, payload)
    case MessageType.CLAIM:
    case MessageType.COUNTER:
    case MessageType.ATTESTATION:
      return acceptDispute(pool, type, payload)
    default:
      return Promise.resolve(ignore('NOT_OURS', `messages of type ${type} are not the job-pool's`))
  }
}
