import { encodeOutPoint, outPointKey } from '@camelid/codec'
import {
  CONSENSUS_FLAGS,
  checkBlockInContext,
  type NetworkParams,
  parseBond,
  type SettlementEntry,
  type SpentOutput,
  settlementEntry,
  settlementKey,
  verdictRequest,
} from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { TransactionSql } from '@camelid/store'
import { insertUndo } from '../store/blocks.ts'
import { insertBonds, type StoredBond, spendBonds } from '../store/bonds.ts'
import { type Coin, deleteCoins, insertCoins } from '../store/coins.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { insertHistory } from '../store/history.ts'
import { findSettlements, insertSettlements } from '../store/settlements.ts'
import { appendBest } from '../store/tip.ts'
import { insertTransactions } from '../store/transactions.ts'
import type { LoadedBlock } from './block-cache.ts'
import { type BlockSpent, blockHistory } from './block-history.ts'
import { checkScripts, Turns } from './check-scripts.ts'
import { type CoinView, loadCoinView } from './coin-view.ts'
import type { HeaderIndex } from './header-index.ts'
import { loadMedianTimes } from './median-times.ts'
import { encodeUndo, indexCoin } from './undo-data.ts'
import { loadVerdictContext } from './verdict-view.ts'

export interface ConnectOptions {
  readonly params: NetworkParams
  readonly headers: HeaderIndex
  readonly node: IndexedHeader
  readonly loaded: LoadedBlock
  /** Whether the scripts of a transaction held before, by txid in hex; never true of a spend by verdict. */
  readonly scriptsHeld: (key: string) => boolean
}

/**
 * Within the caller's transaction: judges a block on top of the best chain and writes what it changes, a few queries for all of it.
 * @returns what it settles
 * @throws ConsensusError, ScriptError
 */
export async function connectBlock(sql: TransactionSql, options: ConnectOptions): Promise<readonly SettlementEntry[]> {
  const { node, loaded } = options
  const view = await loadCoinView(sql, loaded, node.height)
  const spent = spentOutputs(loaded, view)
  const settlements = await judgeInContext(sql, options, spent)
  await runScripts(sql, options, spent)
  await write(sql, { node, loaded, view, spent, settlements })
  return settlements
}

/** By transaction and input what is spent: coins from below, or of an earlier transaction of the block. Each only once. */
function spentOutputs({ block, txids }: LoadedBlock, { before, made }: CoinView): BlockSpent {
  const available = new Map(before)
  return block.transactions.map((transaction, position) => {
    const spent =
      position === 0
        ? []
        : transaction.vin.map(({ prevout }) => {
            const key = outPointKey(prevout)
            const coin = available.get(key)
            available.delete(key)
            return coin === undefined ? null : asSpent(coin)
          })
    const txid = txids[position]
    if (txid === undefined) throw new RangeError('a transaction without its id')
    transaction.vout.forEach((_, index) => {
      const key = outPointKey({ txid, index })
      const coin = made.get(key)
      if (coin !== undefined) available.set(key, coin)
    })
    return spent
  })
}

function asSpent({ value, scriptPubKey, height, coinbase }: Coin): SpentOutput {
  return { output: { value, scriptPubKey }, height, coinbase }
}

async function judgeInContext(
  sql: TransactionSql,
  { params, headers, node, loaded: { block } }: ConnectOptions,
  spent: BlockSpent,
): Promise<readonly SettlementEntry[]> {
  const parent = await headers.parentOf(node)
  const spendings = block.transactions.map((tx, i) => ({ tx, spent: spent[i] ?? [] }))
  const entries = spendings.flatMap((spending) => {
    const outputs = spending.spent.flatMap((coin) => (coin === null ? [] : [coin.output]))
    return settlementEntry(spending.tx, outputs) ?? []
  })
  const taken = new Set((await findSettlements(sql, entries)).map(settlementKey))
  const { settlements } = checkBlockInContext(block, {
    height: node.height,
    medianTime: parent.medianTime,
    medianTimeAt: await loadMedianTimes(sql, spendings),
    params,
    spent,
    hasSettlement: (key) => taken.has(key),
  })
  return settlements
}

/** After `judgeInContext`, which made sure that every input spends something. */
async function runScripts(sql: TransactionSql, options: ConnectOptions, spent: BlockSpent): Promise<void> {
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

async function write(
  sql: TransactionSql,
  change: {
    readonly node: IndexedHeader
    readonly loaded: LoadedBlock
    readonly view: CoinView
    readonly spent: BlockSpent
    readonly settlements: readonly SettlementEntry[]
  },
): Promise<void> {
  const { node, loaded, view, settlements } = change
  const prevouts = loaded.block.transactions.slice(1).flatMap(({ vin }) => vin.map(({ prevout }) => prevout))
  const spentKeys = new Set(prevouts.map(outPointKey))
  const spentBefore = prevouts.flatMap((prevout) => view.before.get(outPointKey(prevout)) ?? [])
  const made = [...view.made.values()]
  const kept = [...view.made].flatMap(([key, coin]) => (spentKeys.has(key) ? [] : [indexCoin(coin)]))
  await Promise.all([
    deleteCoins(
      sql,
      spentBefore.map((coin) => coin.outpoint),
    ),
    insertCoins(sql, kept),
    // A bond that is made and spent in one block is both.
    insertBonds(sql, made.flatMap(asBond)),
    spendBonds(sql, prevouts.map(encodeOutPoint), node.height),
    insertSettlements(sql, settlements, node.height),
    insertTransactions(sql, node.height, loaded.txids),
    insertHistory(sql, node.height, blockHistory(loaded, change.spent)),
    insertUndo(sql, node.hash, encodeUndo(spentBefore)),
    appendBest(sql, node.height, node.hash),
  ])
}

function asBond({ outpoint, value, scriptPubKey, height }: Coin): StoredBond[] {
  const bond = parseBond(scriptPubKey)
  return bond === null ? [] : [{ outpoint, value, height, nodeKey: bond.nodeKey, unbondHeight: bond.unbondHeight }]
}
