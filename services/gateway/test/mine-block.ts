import { hash } from 'node:crypto'
import {
  ByteWriter,
  decodeHeader,
  decodeTransaction,
  encodeBlock,
  encodeHeader,
  type Transaction,
  txid,
} from '@camelid/codec'
import { merkleRoot } from '@camelid/consensus'
import { concatBytes } from '@camelid/crypto'
import { PAYOUT } from './pay.ts'
import type { TestChain } from './test-chain.ts'

/** A block on the tip with real work, not handed in: the coinbase pays PAYOUT, and `more` follow the transactions of the mempool. */
export async function mineBlock(chain: TestChain, more: readonly Transaction[] = []): Promise<Uint8Array> {
  const template = await chain.client.getBlockTemplate({ payoutH2: PAYOUT })
  const extraNonce = new ByteWriter().u64(0n).finish()
  const coinbase = decodeTransaction(concatBytes(template.coinbasePrefix, extraNonce, template.coinbaseSuffix))
  const transactions = [coinbase, ...template.transactions.map((raw) => decodeTransaction(raw)), ...more]
  const unmined = { ...decodeHeader(template.header), merkleRoot: merkleRoot(transactions.map((tx) => txid(tx))).root }
  return encodeBlock({ header: decodeHeader(work(encodeHeader(unmined), template.target)), transactions })
}

/** @param target little-endian, as the hash is */
function work(header: Uint8Array, target: Uint8Array): Uint8Array {
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const limit = Buffer.from(target).reverse()
  for (let nonce = 0; nonce < 2 ** 32; nonce++) {
    view.setUint32(76, nonce, true)
    const digest = hash('sha256', hash('sha256', header, 'buffer'), 'buffer')
    if (Buffer.compare(digest.reverse(), limit) <= 0) return header
  }
  throw new Error('no nonce does the work')
}
