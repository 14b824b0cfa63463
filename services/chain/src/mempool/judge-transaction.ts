import { displayHash, type Transaction } from '@camelid/codec'
import {
  ConsensusError,
  checkTransactionInputs,
  isFinal,
  type SpentOutput,
  sequenceLocksMet,
  settlementEntry,
  settlementKey,
  verdictRequest,
} from '@camelid/consensus'
import type { ChainState } from '../chain/chain-state.ts'
import type { ChainView } from './chain-view.ts'
import { spentOf } from './load-spent.ts'

/** What a transaction is on the chain, its scripts apart. */
export interface Judgement {
  readonly spent: readonly SpentOutput[]
  /** Base units. */
  readonly fee: bigint
  /** As text, see `settlementKey`. */
  readonly settlement: string | null
  readonly byVerdict: boolean
}

/**
 * Judges a transaction as if it were in the block after the tip, but for its scripts. Conflicts with the mempool are the caller's.
 * @param options.mayWait set for a reservation: its lock time need not be over
 * @throws ConsensusError MISSING_INPUT, IMMATURE_COINBASE, INSUFFICIENT_INPUT, NOT_FINAL, SEQUENCE_LOCKED, DUPLICATE_SETTLEMENT
 */
export function judgeTransaction(
  state: ChainState,
  view: ChainView,
  { tx, txid }: { readonly tx: Transaction; readonly txid: Uint8Array },
  { mayWait }: { readonly mayWait: boolean },
): Judgement {
  const height = state.tip.node.height + 1
  const { medianTime } = state.tip.node
  const found = spentOf(state, tx, view.coins)
  const { fee } = checkTransactionInputs(tx, { spent: found, height, params: state.params })
  const spent = found.filter((coin) => coin !== null)
  if (!mayWait && !isFinal(tx, height, medianTime))
    throw new ConsensusError('NOT_FINAL', `transaction ${displayHash(txid)} is locked until ${tx.lockTime}`, {
      lockTime: tx.lockTime,
    })
  if (!sequenceLocksMet(tx, { spent, height, medianTime, medianTimeAt: view.medianTimeAt }))
    throw new ConsensusError('SEQUENCE_LOCKED', `an input of ${displayHash(txid)} is locked relative to its age`)
  const entry = settlementEntry(
    tx,
    spent.map((coin) => coin.output),
  )
  const settlement = entry === null ? null : settlementKey(entry)
  if (settlement !== null && view.settled.has(settlement))
    throw new ConsensusError('DUPLICATE_SETTLEMENT', `${displayHash(txid)} settles what the chain has settled already`)
  const first = spent[0]?.output
  return { spent, fee, settlement, byVerdict: first !== undefined && verdictRequest(tx, first) !== null }
}
