import type { MessageInitShape } from '@bufbuild/protobuf'
import { type AcceptRequest, type AcceptResponseSchema, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { judgeMessage } from '../accept/judge-message.ts'
import { mapUnordered } from '../map-unordered.ts'
import type { Pool } from '../pool.ts'

/** Messages judged at once. */
const PARALLEL = 32

const OUTCOMES = { ok: Outcome.OK, ignore: Outcome.IGNORE, reject: Outcome.REJECT } as const

/** Judges what peers sent; verdicts come back by id, each as soon as it stands. */
export function accept(
  pool: Pool,
  requests: AsyncIterable<AcceptRequest>,
): AsyncIterable<MessageInitShape<typeof AcceptResponseSchema>> {
  return mapUnordered(requests, PARALLEL, async ({ id, type, payload, told }) => {
    // The payload aliases the frame that it came in.
    const judgement = await judgeMessage(pool, { type, payload: Uint8Array.from(payload), told })
    return {
      id,
      outcome: OUTCOMES[judgement.outcome],
      score: judgement.outcome === 'reject' ? judgement.score : 0,
      code: judgement.code,
      detail: judgement.detail.slice(0, 500),
    }
  })
}
