import { bytesToHex } from '@camelid/crypto'
import type { Frame } from '@camelid/p2p'
import { GetCompactBlockSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { compactPayload } from '../compact/payload.ts'
import { GatewayError } from '../gateway-error.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { reply } from './reply.ts'

/** A recent block, compact. @throws GatewayError, RpcError BLOCK_NOT_FOUND, PRUNED */
export async function answerGetCompactBlock(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { requestId, hash } = readPayload(GetCompactBlockSchema, frame)
  checkRequestId(requestId)
  checkLength('a block hash', hash, 32)
  const key = bytesToHex(hash)
  const body =
    parts.compact.kept.get(key) ?? (await ask(parts, peer, () => parts.owners.chain.getCompactBlock({ hash }))).block
  if (body === undefined) throw new GatewayError('UNAVAILABLE', 'the chain made no compact block')
  parts.compact.kept.set(key, body)
  peer.known.add(key)
  await reply(peer, { type: MessageType.COMPACT_BLOCK, payload: compactPayload(body, requestId) })
}
