import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { GetOutputSchema, MessageType, OutputSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { utxoOf } from './proof-of.ts'
import { reply } from './reply.ts'

/** One output by outpoint, spent or not, with the proof that it exists. */
export async function answerGetOutput(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { requestId, outpoint } = readPayload(GetOutputSchema, frame)
  checkRequestId(requestId)
  if (outpoint === undefined) throw new GatewayError('BAD_REQUEST', 'which output?', { score: 10 })
  checkLength('a txid', outpoint.txid, 32)
  const { txid, index } = outpoint
  const found = await ask(parts, peer, () => owners.chain.getOutput({ outpoint: { txid, index } }))
  const { output, spent, tipHash, tipHeight } = found
  const answer = create(OutputSchema, {
    requestId,
    spent,
    tipHash,
    tipHeight,
    ...(output === undefined ? {} : { output: utxoOf(output) }),
  })
  await reply(peer, { type: MessageType.OUTPUT, payload: toBinary(OutputSchema, answer) })
}
