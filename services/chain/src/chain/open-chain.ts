import { encodeBlock, txid } from '@camelid/codec'
import { genesisNode, type NetworkParams } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import type { AnySql, Sql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { insertBlock } from '../store/blocks.ts'
import { findHeader, findMostWork, type IndexedHeader, insertHeaders, linkBranch } from '../store/headers.ts'
import { appendBest, findNetwork, findTip, insertNetwork, insertTip } from '../store/tip.ts'
import { insertTransactions } from '../store/transactions.ts'
import { insertFlushed } from '../store/utxo-state.ts'
import type { Tip } from './chain-state.ts'

/** One transaction: makes sure that the database is of this network and has its genesis block. @throws ChainError WRONG_NETWORK */
export async function ensureGenesis(sql: Sql, params: NetworkParams): Promise<void> {
  await sql.begin(async (tx) => {
    const network = await findNetwork(tx)
    if (network === undefined) {
      await insertNetwork(tx, params.name, params.genesisHash)
      await insertGenesis(tx, params)
      return
    }
    if (network.name !== params.name)
      throw new ChainError(
        'WRONG_NETWORK',
        `the database holds the chain of network "${network.name}", not "${params.name}": set NETWORK=${network.name}, or point DATABASE_URL at another database`,
      )
    if (!equalBytes(network.genesisHash, params.genesisHash))
      throw new ChainError(
        'WRONG_NETWORK',
        `the database begins with another genesis block of network "${params.name}": it is of another release; drop the schema "chain" or use another database`,
      )
  })
}

/** The tables of a chain of one block. */
export async function insertGenesis(sql: AnySql, params: NetworkParams): Promise<void> {
  const node: IndexedHeader = {
    ...genesisNode(params),
    medianTime: params.genesis.header.time,
    hasBlock: false,
    linked: false,
    invalid: false,
  }
  await insertHeaders(sql, [node])
  await insertBlock(sql, node.hash, encodeBlock(params.genesis))
  await linkBranch(sql, node.hash)
  await appendBest(sql, 0, node.hash)
  await insertTransactions(
    sql,
    0,
    params.genesis.transactions.map((transaction) => txid(transaction)),
  )
  await insertTip(sql, node.hash)
  await insertFlushed(sql, { hash: node.hash, height: 0 })
}

/** Two queries: where the database stands. @throws ChainError CORRUPT_DATABASE */
export async function loadTip(sql: Sql): Promise<Tip> {
  const stored = await findTip(sql)
  const node = stored === undefined ? undefined : await findHeader(sql, stored.hash)
  if (stored === undefined || node === undefined)
    throw new ChainError('CORRUPT_DATABASE', 'the database has no tip: drop the schema "chain" and start again')
  return { node, version: stored.version }
}

/** One query: the header with the most work. */
export async function loadBestHeader(sql: Sql, tip: Tip): Promise<IndexedHeader> {
  return (await findMostWork(sql)) ?? tip.node
}
