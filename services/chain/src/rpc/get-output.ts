import { decodeOutPoint, displayHash, isCoinbase } from '@camelid/codec'
import type { GetOutputRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { keyOfBytes } from '../coins/pack-coin.ts'
import { findPlace } from '../store/transactions.ts'
import { parseOutPoint } from './parse.ts'
import { utxoMessage } from './utxo-message.ts'

/** An output of the best chain, spent or not, with the proof that it exists. @throws ChainError BAD_REQUEST, OUTPUT_NOT_FOUND */
export async function getOutput(state: ChainState, request: GetOutputRequest) {
  const outpoint = parseOutPoint(request.outpoint, 'outpoint')
  const { txid, index } = decodeOutPoint(outpoint)
  const { node } = state.tip
  const coin = (await state.coins.find(state.sql, [outpoint])).get(keyOfBytes(outpoint))
  const output = coin ?? (await findSpent(state, outpoint))
  if (output === undefined)
    throw new ChainError('OUTPUT_NOT_FOUND', `output ${displayHash(txid)}:${index} is not in the best chain`)
  return {
    output: await utxoMessage(state, output, await findPlace(state.sql, txid)),
    spent: coin === undefined,
    tipHash: node.hash,
    tipHeight: node.height,
  }
}

async function findSpent({ sql, blocks }: ChainState, outpoint: Uint8Array) {
  const { txid, index } = decodeOutPoint(outpoint)
  const place = await findPlace(sql, txid)
  if (place === undefined) return undefined
  const { block } = await blocks.load(sql, place.blockHash)
  const transaction = block.transactions[place.position]
  const output = transaction?.vout[index]
  if (transaction === undefined || output === undefined) return undefined
  return { ...output, outpoint, height: place.height, coinbase: isCoinbase(transaction) }
}
