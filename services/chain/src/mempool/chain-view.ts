import type { Transaction } from '@camelid/codec'
import { settlementEntry, settlementKey, type VerdictContext, verdictRequest } from '@camelid/consensus'
import type { ChainState } from '../chain/chain-state.ts'
import { loadMedianTimes } from '../chain/median-times.ts'
import { type FirstSpend, loadVerdictContext } from '../chain/verdict-view.ts'
import { findSettlements } from '../store/settlements.ts'
import { type Coins, loadCoins, spentOf } from './load-spent.ts'

/** What of the chain some transactions are judged by, read beforehand: few queries for many of them. */
export interface ChainView {
  readonly coins: Coins
  readonly medianTimeAt: (height: number) => number
  /** Settlement entries that the chain has, as text, among those that the transactions would add. */
  readonly settled: ReadonlySet<string>
  /** For spends by verdict. */
  readonly verdicts: VerdictContext
}

/** One query for the coins; seldom another for median times, settlements and verdicts. */
export async function loadChainView(state: ChainState, transactions: readonly Transaction[]): Promise<ChainView> {
  const { sql, params, tip } = state
  const coins = await loadCoins(state, transactions)
  const spendings = transactions.map((tx) => ({ tx, spent: spentOf(state, tx, coins) }))
  const firsts: FirstSpend[] = []
  const settlements = spendings.flatMap(({ tx, spent }) => {
    const outputs = spent.flatMap((coin) => (coin === null ? [] : [coin.output]))
    // Judged only where all is there: else the first of the rest would pass for the first.
    if (outputs.length < tx.vin.length) return []
    const [first] = outputs
    if (first !== undefined && verdictRequest(tx, first) !== null) firsts.push({ tx, spent: first })
    return settlementEntry(tx, outputs) ?? []
  })
  return {
    coins,
    medianTimeAt: await loadMedianTimes(sql, spendings),
    settled: new Set((await findSettlements(sql, settlements)).map(settlementKey)),
    verdicts: await loadVerdictContext(sql, { spends: firsts, height: tip.node.height + 1, params }),
  }
}
