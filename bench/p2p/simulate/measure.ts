import { create } from '@bufbuild/protobuf'
import { encodeHeader, encodeShortIds, encodeTransaction, ShortIds, txid } from '@camelid/codec'
import { merkleRoot, networkParams } from '@camelid/consensus'
import { PlacedTransactionSchema } from '@camelid/proto/chain/v1/chain_pb'
import { readOutline } from '../../../services/chain/src/compact/compact-block.ts'
import { fillBlock } from '../../../services/chain/src/compact/fill-block.ts'
import { Random } from '../../fuzz/random.ts'
import { median } from '../../report.ts'
import { paymentOf } from './sizes.ts'

const ROUNDS = 9

/** Milliseconds to make a block of `count` payments of its compact one and a mempool of them, by the chain's own functions. */
export function measureFill(count: number): number {
  const { header, transactions: genesis } = networkParams('main').genesis
  const random = new Random(1)
  const pool = Array.from({ length: count }, () => {
    const tx = paymentOf(random)
    return { tx, txid: txid(tx), raw: encodeTransaction(tx) }
  })
  const [headerBytes, nonce] = [encodeHeader(header), 7n]
  const ids = new ShortIds(headerBytes, nonce)
  const shortIds = encodeShortIds(pool.map((part) => ids.of(part.txid)))
  const prefilled = genesis.map((transaction, index) =>
    create(PlacedTransactionSchema, { index, transaction: encodeTransaction(transaction) }),
  )
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now()
    const outline = readOutline({ nonce, shortIds, prefilled }, headerBytes, 4_000_000)
    const parts = fillBlock(outline, { supplied: new Map(), pool })
    merkleRoot((parts ?? []).flatMap((part) => (part === undefined ? [] : [part.txid])))
    return performance.now() - started
  })
  return median(times)
}
