import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { GetOpenJobsSchema, MessageType, OpenJobsSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkRequestId } from './bounds.ts'
import { reply } from './reply.ts'

/** Jobs that one message tells. */
export const MAX_OPEN_JOBS = 256

/** Which jobs are open, the newest first, for a peer that was away. */
export async function answerGetOpenJobs(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { requestId } = readPayload(GetOpenJobsSchema, frame)
  checkRequestId(requestId)
  const { jobs } = await ask(parts, peer, () => parts.owners.jobPool.listOpenJobs({ limit: MAX_OPEN_JOBS }))
  const answer = create(OpenJobsSchema, { requestId, jobs: jobs.map(({ jobId, state }) => ({ jobId, state })) })
  await reply(peer, { type: MessageType.OPEN_JOBS, payload: toBinary(OpenJobsSchema, answer) })
}
