import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { CheckAnswerSchema, CheckRequestSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { reply } from './reply.ts'

/** Longer than the job-pool itself waits for a verifier. */
const TIMEOUT_MS = 12_000

/**
 * A question about an output, for a client without the model. Not by way of `ask`: it takes as long as a model runs, and the
 * job-pool bounds how many there are at once, of one peer and of all.
 */
export async function answerCheckRequest({ owners }: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { requestId, jobId, kind, nonce, tokenIds } = readPayload(CheckRequestSchema, frame)
  checkRequestId(requestId)
  checkLength('a job id', jobId, 32)
  const question = { peer: peer.connection.peerH2, jobId, kind, nonce, tokenIds }
  const { hashes, engine, backend, signature } = await owners.jobPool.check(question, { timeoutMs: TIMEOUT_MS })
  const answer = create(CheckAnswerSchema, { requestId, hashes, engine, backend, signature })
  await reply(peer, { type: MessageType.CHECK_ANSWER, payload: toBinary(CheckAnswerSchema, answer) })
}
