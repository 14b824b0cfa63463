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
  const { txids } = readPayload(GetTransactionsSchema, frame)
  checkCount('transactions', txids, MAX_TRANSACTIONS)
  for (const txid of txids) checkLength('a txid', txid, 32)
  for (const txid of txids) {
    await peer.connection.room()
    if (peer.connection.reason !== undefined) return
    const key = bytesToHex(txid)
    const transaction = parts.transactions.recent.get(key) ?? (await askMempool(parts, peer, txid))
    if (transaction === undefined) continue
    parts.inventory.knows(peer, key)
    const payload = toBinary(TransactionSchema, create(TransactionSchema, { transaction }))
    await reply(peer, { type: MessageType.TRANSACTION, payload })
  }
}

/** One that left the mempool meanwhile is not news any more. */
async function askMempool(parts: GatewayParts, peer: Peer, txid: Uint8Array): Promise<Uint8Array | undefined> {
  const { chain } = parts.owners
  const found = await ask(parts, peer, () => chain.getTransaction({ txid, mempoolOnly: true })).catch(() => undefined)
  return found?.inMempool === true ? found.transaction : undefined
}
