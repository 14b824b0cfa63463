import { decodeOutPoint } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { GetUtxosRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { listUnspent } from '../coins/list-unspent.ts'
import { findPlace, type TransactionPlace } from '../store/transactions.ts'
import { parseH2, parseOutPoint } from './parse.ts'
import { utxoMessage } from './utxo-message.ts'

const MAX_COINS = 1_000
/** Proofs carry whole transactions and branches. */
const MAX_PROVEN_COINS = 100
/** Answers stay well under the limit of a message. */
const MAX_PROOF_BYTES = 4 * 1024 * 1024
/** A proof is made from its whole block: two full ones take a second. */
const MAX_BLOCK_BYTES = 8 * 1024 * 1024

/** A page of an address's unspent outputs, in order of outpoint; shorter where proofs cost much. @throws ChainError BAD_REQUEST */
export async function getUtxos(state: ChainState, request: GetUtxosRequest) {
  const h2 = parseH2(request.h2, 'h2')
  const after = request.after === undefined ? new Uint8Array() : parseOutPoint(request.after, 'after')
  const most = request.withProofs ? MAX_PROVEN_COINS : MAX_COINS
  const limit = request.limit === 0 ? most : Math.min(request.limit, most)
  const { coins, node } = await listUnspent(state, { h2, after, limit: limit + 1 })
  const utxos = []
  let proofBytes = 0
  const blocks = new Map<string, number>()
  for (const coin of coins.slice(0, limit)) {
    const blockBytes = [...blocks.values()].reduce((sum, bytes) => sum + bytes, 0)
    if (proofBytes > MAX_PROOF_BYTES || blockBytes > MAX_BLOCK_BYTES) break
    const place = request.withProofs ? await findPlace(state.sql, decodeOutPoint(coin.outpoint).txid) : undefined
    const utxo = await utxoMessage(state, coin, place)
    if ('proof' in utxo) proofBytes += utxo.proof.transaction.length
    if (place !== undefined) blocks.set(...(await sizeOfBlock(state, place)))
    utxos.push(utxo)
  }
  return { utxos, tipHeight: node.height, tipHash: node.hash, more: coins.length > utxos.length }
}

/** The block of a place, by name, with its bytes: it was read for the proof and is still in memory. */
async function sizeOfBlock({ blocks, sql }: ChainState, { blockHash }: TransactionPlace): Promise<[string, number]> {
  return [bytesToHex(blockHash), (await blocks.load(sql, blockHash)).raw.length]
}
