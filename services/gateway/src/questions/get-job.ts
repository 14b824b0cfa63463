import { create, toBinary } from '@bufbuild/protobuf'
import { type Frame, knownType, payloadLimit } from '@camelid/p2p'
import { GetJobSchema, JobStatementsSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { reply } from './reply.ts'

/** A job with every statement about it that this node holds. */
export async function answerGetJob(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { requestId, jobId } = readPayload(GetJobSchema, frame)
  checkRequestId(requestId)
  checkLength('a job id', jobId, 32)
  const { job, statements } = await ask(parts, peer, () => owners.jobPool.getJob({ jobId }))
  const answer = create(JobStatementsSchema, {
    requestId,
    state: job?.state ?? 0,
    reason: job?.reason ?? '',
    statements: statements.flatMap(({ type, payload }) => {
      const known = knownType(type)
      return known === undefined ? [] : [{ type: known, payload }]
    }),
  })
  const payload = toBinary(JobStatementsSchema, answer)
  if (payload.length > payloadLimit(MessageType.JOB_STATEMENTS))
    throw new GatewayError('TOO_LONG', 'the statements of this job do not fit one message')
  await reply(peer, { type: MessageType.JOB_STATEMENTS, payload })
}
