import { CONSENSUS_FLAGS, transactionSize, verdictRequest } from '@camelid/consensus'
import type { TransactionSql } from '@camelid/store'
import type { ScriptSpend } from '../scripts/script-spend.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { BlockSpent } from './block-history.ts'
import type { ConnectOptions } from './connect-block.ts'
import { loadVerdictContext } from './verdict-view.ts'

/**
 * Runs the scripts of a block of which every input spends something, but for those of transactions whose scripts held before;
 * spends by verdict depend on the chain and are run in any case.
 * @throws ScriptError; ChainError UNAVAILABLE when the service stops
 */
export async function runBlockScripts(sql: TransactionSql, options: ConnectOptions, spent: BlockSpent): Promise<void> {
  const { loaded, node, params, scripts, held } = options
  const spends = spendsOf(loaded, spent)
  const verdicts = spends.flatMap((spend) => {
    const [first] = spend.spent
    return first !== undefined && verdictRequest(spend.tx, first) !== null ? [{ spend, first }] : []
  })
  const context = await loadVerdictContext(sql, {
    spends: verdicts.map(({ spend: { tx }, first }) => ({ tx, spent: first })),
    height: node.height,
    params,
  })
  const byVerdict = new Set(verdicts.map(({ spend }) => spend))
  const wanted = held ? [...byVerdict] : spends
  await scripts.checkAll(
    wanted.map((spend) => (byVerdict.has(spend) ? { ...spend, context } : spend)),
    CONSENSUS_FLAGS,
  )
}

/** The block's transactions, coinbase apart, each with its part of the block's bytes and what it spends. */
function spendsOf({ block, raw, txids }: LoadedBlock, spent: BlockSpent): ScriptSpend[] {
  const sizes = block.transactions.map((tx) => transactionSize(tx))
  // The transactions end where the block ends.
  let at = raw.length - sizes.reduce((sum, size) => sum + size, 0)
  return block.transactions.flatMap((tx, position) => {
    const bytes = raw.subarray(at, at + (sizes[position] ?? 0))
    at += bytes.length
    const txid = txids[position]
    if (position === 0 || txid === undefined) return []
    const outputs = (spent[position] ?? []).flatMap((coin) => (coin === null ? [] : [coin.output]))
    return [{ tx, txid, raw: bytes, spent: outputs }]
  })
}
