import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { GetProofSchema, MessageType, ProofSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { proofOf } from './proof-of.ts'
import { reply } from './reply.ts'

/** The proof that a transaction is in a block of the best chain; without one while it is not. */
export async function answerGetProof(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { requestId, txid } = readPayload(GetProofSchema, frame)
  checkRequestId(requestId)
  checkLength('a txid', txid, 32)
  const { proof, inMempool, tipHeight } = await ask(parts, peer, () => owners.chain.getProof({ txid }))
  const answer = create(ProofSchema, {
    requestId,
    inMempool,
    tipHeight,
    ...(proof === undefined ? {} : { proof: proofOf(proof) }),
  })
  await reply(peer, { type: MessageType.PROOF, payload: toBinary(ProofSchema, answer) })
}
