import type { SettlementEntry } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { addToOutbox } from '@camelid/events'
import type { TransactionSql } from '@camelid/store'
import type { IndexedHeader } from '../store/headers.ts'
import { moveTip } from '../store/tip.ts'
import type { LoadedBlock } from './block-cache.ts'
import { connectedEvent, disconnectedEvent } from './block-events.ts'
import type { ChainState } from './chain-state.ts'
import { connectBlock } from './connect-block.ts'
import { disconnectBlock } from './disconnect-block.ts'
import { InvalidBlockError } from './invalid-block-error.ts'

/** What a move of the tip took off and put on, for the mempool. */
export interface TipChange {
  /** The newest first. */
  readonly disconnected: readonly LoadedBlock[]
  /** The oldest first. */
  readonly connected: readonly LoadedBlock[]
  /** What the connected blocks settle. */
  readonly settled: readonly SettlementEntry[]
}

export interface Route {
  /** Blocks to take off, the tip first. */
  readonly off: readonly IndexedHeader[]
  /** Blocks to put on, the lowest first. */
  readonly on: readonly IndexedHeader[]
}

/**
 * One transaction: moves the tip to `target`, disconnecting down to the fork and connecting up again, so that nobody ever sees a tip
 * with less work than the one before. The disconnect events come before the connect events.
 * @param before runs first in the same transaction, e.g. to store the block that is about to be connected
 * @throws InvalidBlockError where a block of the way breaks the rules; then nothing has changed.
 */
export async function reorganise(
  state: ChainState,
  target: IndexedHeader,
  options: { readonly before?: (sql: TransactionSql) => Promise<void>; readonly loaded?: LoadedBlock } = {},
): Promise<TipChange> {
  const { off, on } = await findRoute(state, target)
  const disconnected: LoadedBlock[] = []
  const connected: LoadedBlock[] = []
  const settled: SettlementEntry[] = []
  const from = { hash: state.tip.node.hash, version: state.tip.version }
  let version = from.version
  await state.sql.begin(async (sql) => {
    await options.before?.(sql)
    for (const node of off) {
      const loaded = await state.blocks.load(sql, node.hash)
      version++
      await Promise.all([disconnectBlock(sql, node, loaded), addToOutbox(sql, [disconnectedEvent(node, version)])])
      disconnected.push(loaded)
    }
    for (const node of on) {
      const loaded = node === target && options.loaded ? options.loaded : await state.blocks.load(sql, node.hash)
      version++
      settled.push(...(await connectOrBlame(sql, state, node, loaded)))
      await addToOutbox(sql, [connectedEvent(node, loaded.txids, version)])
      connected.push(loaded)
    }
    await moveTip(sql, from, { hash: target.hash, version })
  })
  state.tip = { node: target, version }
  state.wakeOutbox()
  return { disconnected, connected, settled }
}

async function connectOrBlame(
  sql: TransactionSql,
  state: ChainState,
  node: IndexedHeader,
  loaded: LoadedBlock,
): Promise<readonly SettlementEntry[]> {
  try {
    return await connectBlock(sql, {
      params: state.params,
      headers: state.headers,
      node,
      loaded,
      scriptsHeld: (key) => state.mempool.get(key) !== undefined,
    })
  } catch (error) {
    throw InvalidBlockError.blame(node, error)
  }
}

/** The way from the tip to `target` through their last common block. */
export async function findRoute(
  { headers, tip }: Pick<ChainState, 'headers' | 'tip'>,
  target: IndexedHeader,
): Promise<Route> {
  const off: IndexedHeader[] = []
  const on: IndexedHeader[] = []
  let a = tip.node
  let b = target
  while (!equalBytes(a.hash, b.hash)) {
    if (a.height >= b.height) {
      off.push(a)
      a = await headers.parentOf(a)
    } else {
      on.push(b)
      b = await headers.parentOf(b)
    }
  }
  return { off, on: on.reverse() }
}
