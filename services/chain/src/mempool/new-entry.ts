import { decodeTransaction, isCoinbase, outPointKey, type Transaction } from '@camelid/codec'
import { ConsensusError, checkTransactionInIsolation } from '@camelid/consensus'
import { bytesToHex, sha256d } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { isRefusal, type JudgedEntry, judgeBatch } from './judge-batch.ts'
import type { Entry } from './mempool.ts'
import { conflict } from './replace.ts'

/** A transaction parsed and judged by itself. */
export interface ParsedTransaction {
  readonly tx: Transaction
  readonly txid: Uint8Array
  readonly key: string
  readonly raw: Uint8Array
}

/** @throws CodecError; ConsensusError as of `checkTransactionInIsolation`, BAD_COINBASE */
export function parseTransaction(raw: Uint8Array, state: Pick<ChainState, 'params'>): ParsedTransaction {
  // The bytes may alias the frame they came in.
  const own = raw.slice()
  const tx = decodeTransaction(own)
  checkTransactionInIsolation(tx, state.params)
  if (isCoinbase(tx)) throw new ConsensusError('BAD_COINBASE', 'a coinbase only comes in a block')
  // What was decoded has one encoding, the bytes that it came in.
  const txid = sha256d(own)
  return { tx, txid, key: bytesToHex(txid), raw: own }
}

/** Judges one transaction as `judgeBatch` does many. @throws what is wrong with it */
export async function newEntry(
  state: ChainState,
  parsed: ParsedTransaction,
  { jobId }: { readonly jobId: Uint8Array | null },
): Promise<JudgedEntry> {
  const [result] = await judgeBatch(state, [{ parsed, jobId }], {})
  if (result === undefined) throw new RangeError('a transaction was judged without an answer')
  if (isRefusal(result)) throw result
  return result
}

/**
 * A reservation gets out of nobody's way, and nobody out of its: no entry of the mempool may spend what it spends, nor be what it spends
 * if that is a reservation.
 * @throws ChainError RESERVED, MEMPOOL_CONFLICT unless all of them are `except`
 */
export function refuseConflicts(state: ChainState, { tx, txid }: ParsedTransaction, except?: Entry): void {
  for (const { prevout } of tx.vin) {
    const output = outPointKey(prevout)
    const spender = state.mempool.spenderOf(output)
    if (spender !== undefined && spender !== except) throw conflict(txid, spender, output)
  }
  refuseReservedParents(state, tx)
}

/** @throws ChainError RESERVED */
export function refuseReservedParents({ mempool }: Pick<ChainState, 'mempool'>, tx: Transaction): void {
  for (const { prevout } of tx.vin) {
    const parent = mempool.get(bytesToHex(prevout.txid))
    if (parent !== undefined && parent.jobId !== null)
      throw new ChainError(
        'RESERVED',
        'it spends an output of a reservation, which may never be mined: wait for its block',
      )
  }
}
