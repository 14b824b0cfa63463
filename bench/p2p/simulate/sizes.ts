import { create, toBinary } from '@bufbuild/protobuf'
import { encodeBlock, encodeHeader, encodeShortIds, encodeTransaction, type Transaction, txid } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { encodeFrame, NO_ADDRESS, questions } from '@camelid/p2p'
import {
  BlockTransactionsSchema,
  GetTransactionsSchema,
  HeadersSchema,
  InventorySchema,
  MessageType,
  TransactionSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { compactPayload } from '../../../services/gateway/src/compact/payload.ts'
import { Random } from '../../fuzz/random.ts'

/** Bytes of frames, each as the encoders of the gateway make it. */
export interface Sizes {
  readonly transactions: number
  /** The block itself. */
  readonly block: number
  readonly headers: number
  readonly getCompact: number
  readonly compactAnnounced: number
  readonly compactAnswered: number
  getMissing(count: number): number
  missing(count: number): number
  inventory(count: number): number
  getTransactions(count: number): number
  /** Of one transaction. */
  readonly transaction: number
}

const params = networkParams('main')

/** @param blockBytes the block is filled with payments of one input and two outputs up to this */
export function sizesOf(blockBytes: number, seed = 1): Sizes {
  const random = new Random(seed)
  const payment = paymentOf(random)
  const raw = encodeTransaction(payment)
  const { header, transactions: genesis } = params.genesis
  const empty = encodeBlock({ header, transactions: genesis }).length
  const count = Math.floor((blockBytes - empty) / raw.length)
  const [coinbase] = genesis
  if (coinbase === undefined) throw new RangeError('a block has a coinbase')
  const body = {
    header: encodeHeader(header),
    nonce: 0x0123_4567_89ab_cdefn,
    shortIds: encodeShortIds(Array.from({ length: count }, () => random.u32())),
    prefilled: [{ index: 0, transaction: encodeTransaction(coinbase) }],
  }
  const [requestId, hash, id] = [random.bytes(8), random.bytes(32), txid(payment)]
  const ids = (length: number): Uint8Array[] => Array.from({ length }, () => id)
  const indexes = (length: number): number[] =>
    Array.from({ length }, (_, i) => Math.floor(((i + 1) * count) / (length + 1)))
  return {
    transactions: count + 1,
    block: empty + count * raw.length,
    headers: framed(
      MessageType.HEADERS,
      toBinary(HeadersSchema, create(HeadersSchema, { headers: encodeHeader(header), firstHeight: 100_000 })),
    ),
    getCompact: framed(MessageType.GET_COMPACT_BLOCK, questions.compactBlock.encode({ hash }, requestId)),
    compactAnnounced: framed(MessageType.COMPACT_BLOCK, compactPayload(body)),
    compactAnswered: framed(MessageType.COMPACT_BLOCK, compactPayload(body, requestId)),
    getMissing: (length) =>
      framed(
        MessageType.GET_BLOCK_TRANSACTIONS,
        questions.blockTransactions.encode({ hash, indexes: indexes(length) }, requestId),
      ),
    missing: (length) =>
      framed(
        MessageType.BLOCK_TRANSACTIONS,
        toBinary(
          BlockTransactionsSchema,
          create(BlockTransactionsSchema, { requestId, transactions: Array.from({ length }, () => raw) }),
        ),
      ),
    inventory: (length) =>
      framed(MessageType.INVENTORY, toBinary(InventorySchema, create(InventorySchema, { txids: ids(length) }))),
    getTransactions: (length) =>
      framed(
        MessageType.GET_TRANSACTIONS,
        toBinary(GetTransactionsSchema, create(GetTransactionsSchema, { txids: ids(length) })),
      ),
    transaction: framed(
      MessageType.TRANSACTION,
      toBinary(TransactionSchema, create(TransactionSchema, { transaction: raw })),
    ),
  }
}

function framed(type: Parameters<typeof encodeFrame>[0]['type'], payload: Uint8Array): number {
  const addresses = { sender: NO_ADDRESS, receiver: NO_ADDRESS, messageId: new Uint8Array(16) }
  return encodeFrame({ type, payload, ttl: 1, flood: false, ...addresses }, params.magic).length
}

/** As wallets make them: a signature of 71 bytes and its key, a payment and the change. */
export function paymentOf(random: Random): Transaction {
  const output = () => ({
    value: 100_000_000n,
    scriptPubKey: Uint8Array.of(0x76, 0xa9, 0x14, ...random.bytes(20), 0x88, 0xac),
  })
  const scriptSig = Uint8Array.of(72, ...random.bytes(72), 33, ...random.bytes(33))
  const prevout = { txid: random.bytes(32), index: 0 }
  return {
    version: 1,
    vin: [{ prevout, scriptSig, sequence: 0xffffffff }],
    vout: [output(), output()],
    lockTime: 0,
    jobId: new Uint8Array(32),
  }
}
