import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import type { Frame } from '@camelid/p2p'
import { GetTransactionsSchema, MessageType, TransactionSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkCount, checkLength } from './bounds.ts'
import { reply } from './reply.ts'

const MAX_TRANSACTIONS = 1_000

/** Those of the transactions that are in the mempool: confirmed ones come with their blocks. */
export async function answerGetTransactions(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { txids } = readPayload(GetTransactionsSchema, frame)
  checkCount('transactions', txids, MAX_TRANSACTIONS)
  for (const txid of txids) checkLength('a txid', txid, 32)
  for (const txid of txids) {
    await peer.connection.room()
    if (peer.connection.reason !== undefined) return
    // One that left the mempool meanwhile is not news any more.
    const found = await ask(parts, peer, () => owners.chain.getTransaction({ txid, mempoolOnly: true })).catch(
      () => undefined,
    )
    if (found === undefined || !found.inMempool) continue
    peer.known.set(bytesToHex(txid), true)
    const payload = toBinary(TransactionSchema, create(TransactionSchema, { transaction: found.transaction }))
    await reply(peer, { type: MessageType.TRANSACTION, payload })
  }
}
