import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { BlockTransactionsSchema, GetBlockTransactionsSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { reply } from './reply.ts'

/** Transactions of a recent block that the peer lacks to fill a compact one. @throws RpcError BLOCK_NOT_FOUND, BAD_POSITIONS, PRUNED */
export async function answerGetBlockTransactions(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { requestId, hash, indexes } = readPayload(GetBlockTransactionsSchema, frame)
  checkRequestId(requestId)
  checkLength('a block hash', hash, 32)
  const { transactions } = await ask(parts, peer, () => parts.owners.chain.getBlockTransactions({ hash, indexes }))
  const payload = toBinary(BlockTransactionsSchema, create(BlockTransactionsSchema, { requestId, transactions }))
  await reply(peer, { type: MessageType.BLOCK_TRANSACTIONS, payload })
}
