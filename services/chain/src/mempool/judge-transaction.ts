import { displayHash, type Transaction } from '@camelid/codec'
import {
  CONSENSUS_FLAGS,
  ConsensusError,
  checkTransactionInputs,
  isFinal,
  type SpentOutput,
  STANDARD_FLAGS,
  sequenceLocksMet,
  settlementEntry,
  settlementKey,
  verdictRequest,
} from '@camelid/consensus'
import type { ChainState } from '../chain/chain-state.ts'
import { checkScripts } from '../chain/check-scripts.ts'
import { loadMedianTimes } from '../chain/median-times.ts'
import { loadVerdictContext } from '../chain/verdict-view.ts'
import { findSettlements } from '../store/settlements.ts'
import { type Coins, loadCoins, spentOf } from './load-spent.ts'

export interface Judgement {
  readonly spent: readonly SpentOutput[]
  /** Base units. */
  readonly fee: bigint
  /** As text, see `settlementKey`. */
  readonly settlement: string | null
  readonly byVerdict: boolean
}

export interface JudgeOptions {
  /** Set for a reservation: it may wait for its lock time. */
  readonly jobId: Uint8Array | null
  /** Its scripts were run before, in the mempool or in a block, and nothing that they depend on can have changed. */
  readonly asMined?: boolean
  /** What it spends of the chain, where the caller has it already. */
  readonly coins?: Coins
  /** What else is asked of it before its scripts, the costly part, are run; throws where it falls short. */
  readonly beforeScripts?: (found: Pick<Judgement, 'spent' | 'fee'>) => void
}

/**
 * Judges a transaction as if it were in the block after the tip. Conflicts with the mempool are the caller's.
 * @throws ConsensusError MISSING_INPUT, IMMATURE_COINBASE, INSUFFICIENT_INPUT, NOT_FINAL, SEQUENCE_LOCKED, DUPLICATE_SETTLEMENT; ScriptError
 */
export async function judgeTransaction(
  state: ChainState,
  { tx, txid }: { readonly tx: Transaction; readonly txid: Uint8Array },
  { jobId, asMined = false, coins, beforeScripts }: JudgeOptions,
): Promise<Judgement> {
  const { params, sql } = state
  const height = state.tip.node.height + 1
  const { medianTime } = state.tip.node
  const found = spentOf(state, tx, coins ?? (await loadCoins(state, [tx])))
  const { fee } = checkTransactionInputs(tx, { spent: found, height, params })
  const spent = found.filter((coin) => coin !== null)
  if (jobId === null && !isFinal(tx, height, medianTime))
    throw new ConsensusError('NOT_FINAL', `transaction ${displayHash(txid)} is locked until ${tx.lockTime}`, {
      lockTime: tx.lockTime,
    })
  const medianTimeAt = await loadMedianTimes(sql, [{ tx, spent }])
  if (!sequenceLocksMet(tx, { spent, height, medianTime, medianTimeAt }))
    throw new ConsensusError('SEQUENCE_LOCKED', `an input of ${displayHash(txid)} is locked relative to its age`)
  const entry = settlementEntry(
    tx,
    spent.map((coin) => coin.output),
  )
  if (entry !== null && (await findSettlements(sql, [entry])).length > 0)
    throw new ConsensusError('DUPLICATE_SETTLEMENT', `${displayHash(txid)} settles what the chain has settled already`)
  beforeScripts?.({ spent, fee })
  const byVerdict = await runScripts(state, { tx, spent, asMined })
  return { spent, fee, settlement: entry === null ? null : settlementKey(entry), byVerdict }
}

async function runScripts(
  { sql, tip, params }: ChainState,
  { tx, spent, asMined }: { tx: Transaction; spent: readonly SpentOutput[]; asMined: boolean },
): Promise<boolean> {
  const outputs = spent.map((coin) => coin.output)
  const first = outputs[0]
  const byVerdict = first !== undefined && verdictRequest(tx, first) !== null
  if (!byVerdict || first === undefined) {
    if (!asMined) await checkScripts(tx, { spent: outputs, flags: STANDARD_FLAGS })
    return false
  }
  const context = await loadVerdictContext(sql, { spends: [{ tx, spent: first }], height: tip.node.height + 1, params })
  await checkScripts(tx, { spent: outputs, flags: asMined ? CONSENSUS_FLAGS : STANDARD_FLAGS, context })
  return true
}
