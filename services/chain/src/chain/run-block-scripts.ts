import { CONSENSUS_FLAGS, verdictRequest } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { TransactionSql } from '@camelid/store'
import type { BlockSpent } from './block-history.ts'
import { checkScripts, Turns } from './check-scripts.ts'
import type { ConnectOptions } from './connect-block.ts'
import { loadVerdictContext } from './verdict-view.ts'

/**
 * Runs the scripts of a block of which every input spends something.
 * @throws ScriptError
 */
export async function runBlockScripts(sql: TransactionSql, options: ConnectOptions, spent: BlockSpent): Promise<void> {
  const { loaded, node, params } = options
  const spendings = loaded.block.transactions.slice(1).map((tx, i) => {
    const outputs = (spent[i + 1] ?? []).flatMap((coin) => (coin === null ? [] : [coin.output]))
    const [first] = outputs
    const byVerdict = first !== undefined && verdictRequest(tx, first) !== null
    return { tx, outputs, first, byVerdict, txid: loaded.txids[i + 1] ?? new Uint8Array() }
  })
  const verdicts = spendings.flatMap(({ tx, first, byVerdict }) => (byVerdict && first ? [{ tx, spent: first }] : []))
  const context = await loadVerdictContext(sql, { spends: verdicts, height: node.height, params })
  const turns = new Turns()
  for (const { tx, outputs, byVerdict, txid } of spendings) {
    if (!byVerdict && options.scriptsHeld(bytesToHex(txid))) continue
    await checkScripts(tx, { spent: outputs, flags: CONSENSUS_FLAGS, context }, turns)
  }
}
