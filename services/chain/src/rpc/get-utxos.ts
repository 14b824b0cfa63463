import type { GetUtxosRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { listCoins } from '../store/coins.ts'
import { parseH2, parseOutPoint } from './parse.ts'
import { utxoMessage } from './utxo-message.ts'

const MAX_COINS = 1_000
/** Proofs carry whole transactions and branches. */
const MAX_PROVEN_COINS = 100
/** Answers stay well under the limit of a message. */
const MAX_PROOF_BYTES = 4 * 1024 * 1024

/** A page of an address's unspent outputs, in order of outpoint. @throws ChainError BAD_REQUEST */
export async function getUtxos(state: ChainState, request: GetUtxosRequest) {
  const h2 = parseH2(request.h2, 'h2')
  const after = request.after === undefined ? new Uint8Array() : parseOutPoint(request.after, 'after')
  const most = request.withProofs ? MAX_PROVEN_COINS : MAX_COINS
  const limit = request.limit === 0 ? most : Math.min(request.limit, most)
  const { node } = state.tip
  const coins = await listCoins(state.sql, { h2, after, limit: limit + 1 })
  const utxos = []
  let bytes = 0
  for (const coin of coins.slice(0, limit)) {
    if (bytes > MAX_PROOF_BYTES) break
    const utxo = await utxoMessage(state, coin, request.withProofs)
    if ('proof' in utxo) bytes += utxo.proof.transaction.length
    utxos.push(utxo)
  }
  return { utxos, tipHeight: node.height, tipHash: node.hash, more: coins.length > utxos.length }
}
