import {
  decodeTransaction,
  displayHash,
  isCoinbase,
  outPointKey,
  type Transaction,
  txid as txidOf,
} from '@camelid/codec'
import {
  ConsensusError,
  checkInputsStandard,
  checkTransactionInIsolation,
  checkTransactionStandard,
  sigopsOf,
} from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { type Judgement, type JudgeOptions, judgeTransaction } from './judge-transaction.ts'
import { refuseTooCheap } from './make-room.ts'
import type { Entry } from './mempool.ts'
import { MAX_ANCESTORS, MIN_RELAY_FEE_RATE } from './policy.ts'

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
  const txid = txidOf(tx)
  return { tx, txid, key: bytesToHex(txid), raw: own }
}

/** Judges a transaction on the chain and by the mempool's own terms, conflicts apart. */
export async function newEntry(
  state: ChainState,
  parsed: ParsedTransaction,
  options: JudgeOptions,
): Promise<{ entry: Entry; judgement: Judgement }> {
  const { tx, txid, key, raw } = parsed
  if (!options.asMined) {
    checkTransactionStandard(tx)
    if (state.mempool.ancestorsOf(tx, MAX_ANCESTORS).size > MAX_ANCESTORS)
      throw new ChainError(
        'TOO_MANY_ANCESTORS',
        `more than ${MAX_ANCESTORS} unconfirmed transactions come before it: wait for a block`,
      )
  }
  const judgement = await judgeTransaction(state, parsed, {
    ...options,
    beforeScripts: ({ spent, fee }) => {
      if (options.asMined) return
      checkFee(raw, fee)
      refuseTooCheap(state.mempool, { raw, fee, jobId: options.jobId })
      checkInputsStandard(tx, spent, state.params)
    },
  })
  const { fee, settlement, byVerdict } = judgement
  const sigops = sigopsOf(tx, judgement.spent, state.params)
  const addedAtMs = state.clock.nowMs()
  return {
    entry: { txid, key, tx, raw, fee, sigops, jobId: options.jobId, settlement, byVerdict, addedAtMs },
    judgement,
  }
}

/** Before any script is run: a spender who will not pay must not cost that. @throws ChainError FEE_TOO_LOW */
function checkFee(raw: Uint8Array, fee: bigint): void {
  const required = BigInt(raw.length) * MIN_RELAY_FEE_RATE
  if (fee >= required) return
  throw new ChainError('FEE_TOO_LOW', `the fee of ${fee} base units is under ${required}: 1 a byte`, { fee, required })
}

/**
 * Entries of the mempool that spend what this transaction spends.
 * @throws ChainError RESERVED, MEMPOOL_CONFLICT unless all of them are `except`
 */
export function refuseConflicts(state: ChainState, { tx, txid }: ParsedTransaction, except?: Entry): void {
  for (const { prevout } of tx.vin) {
    const spender = state.mempool.spenderOf(outPointKey(prevout))
    if (spender !== undefined && spender !== except) throw conflict(txid, outPointKey(prevout), spender)
    const parent = state.mempool.get(bytesToHex(prevout.txid))
    if (parent !== undefined && parent.jobId !== null)
      throw new ChainError(
        'RESERVED',
        'it spends an output of a reservation, which may never be mined: wait for its block',
      )
  }
}

function conflict(txid: Uint8Array, output: string, spender: Entry): ChainError {
  const data = { output, txid: displayHash(txid), spender: displayHash(spender.txid) }
  return spender.jobId === null
    ? new ChainError('MEMPOOL_CONFLICT', `output ${output} is spent by ${data.spender}, which waits for a block`, data)
    : new ChainError('RESERVED', `output ${output} is reserved for job ${bytesToHex(spender.jobId)}`, data)
}
