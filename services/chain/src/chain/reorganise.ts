import type { SettlementEntry } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { TransactionSql } from '@camelid/store'
import type { IndexedHeader } from '../store/headers.ts'
import { deleteEntries } from '../store/mempool.ts'
import { moveTip } from '../store/tip.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { ChainState } from './chain-state.ts'
import { type ConnectOptions, connectBlock } from './connect-block.ts'
import { disconnectBlock } from './disconnect-block.ts'
import { findRoute } from './find-route.ts'
import { InvalidBlockError } from './invalid-block-error.ts'
import { type MovedBlock, MovedBlocks } from './moved-blocks.ts'
import { Statements } from './statements.ts'

/** What a move of the tip took off and put on, for the mempool. */
export interface TipChange {
  /** The newest first. */
  readonly disconnected: readonly MovedBlock[]
  /** The oldest first. */
  readonly connected: readonly MovedBlock[]
  /** What the connected blocks settle. */
  readonly settled: readonly SettlementEntry[]
}

interface ReorganiseOptions {
  /** Sent first in the same transaction, without waiting, e.g. what stores the block that is about to be connected. */
  readonly before?: (sql: TransactionSql) => Promise<unknown>
  /** The blocks to put on top of the tip, the target last, where the caller has them: they need not be stored before. */
  readonly blocks?: readonly MovedBlock[]
  /** Set where these blocks were connected and told of before, as in a reindex: nothing is announced. */
  readonly again?: {
    /** Whether the scripts of a block held then. */
    readonly scriptsHeld: (node: IndexedHeader) => boolean
  }
}

/** So many blocks may be above the one that the table `utxos` stands at: as many are read again after a crash. */
const MAX_UNFLUSHED = 1_000
/** Statements sent without waiting for their answers; those of a full block hold megabytes. */
const MAX_UNANSWERED = 1_000

/**
 * One transaction: moves the tip to `target`, disconnecting down to the fork and connecting up again, so that nobody ever sees a tip
 * with less work than the one before. The disconnect events come before the connect events. Memory follows once the database has committed.
 * @throws InvalidBlockError where a block of the way breaks the rules; then nothing has changed.
 */
export async function reorganise(
  state: ChainState,
  target: IndexedHeader,
  options: ReorganiseOptions = {},
): Promise<TipChange> {
  const { off, on } = options.blocks ? { off: [], on: options.blocks } : await findWay(state, target)
  const disconnected = new MovedBlocks()
  const connected = new MovedBlocks()
  const settled: SettlementEntry[] = []
  const announce = options.again === undefined
  const coins = state.coins.begin()
  const from = { hash: state.tip.node.hash, version: state.tip.version }
  const to = { hash: target.hash, version: from.version + BigInt(off.length + on.length) }
  let { version } = from
  await state.sql.begin(async (sql) => {
    const statements = new Statements()
    if (options.before) statements.add(options.before(sql))
    statements.add(moveTip(sql, from, to))
    for (const node of off) {
      const loaded = await state.blocks.load(sql, node.hash)
      await disconnectBlock(sql, { coins, node, loaded, version: ++version, announce })
      disconnected.add(node, loaded)
      if (coins.isFull) await coins.spill(sql)
    }
    for (const [i, { node, loaded = await state.blocks.load(sql, node.hash) }] of on.entries()) {
      const parent = on[i - 1]?.node ?? (await state.headers.parentOf(node))
      statements.add(deleteEntries(sql, waiting(state, loaded)))
      const held = options.again?.scriptsHeld(node) ?? false
      const connecting = { statements, coins, node, parent, loaded, version: ++version, announce, held }
      settled.push(...(await connectOrBlame(sql, state, connecting)))
      connected.add(node, loaded)
      if (statements.size >= MAX_UNANSWERED) await statements.done()
      if (coins.isFull && node !== target) await coins.spill(sql)
    }
    if (coins.mustFlush || mustFlush(state, target, off)) await coins.flush(sql, target)
    await statements.done()
  })
  coins.commit()
  state.tip = { node: target, version }
  state.wakeOutbox()
  return { disconnected: disconnected.blocks, connected: connected.blocks, settled }
}

async function findWay(
  state: ChainState,
  target: IndexedHeader,
): Promise<{ readonly off: readonly IndexedHeader[]; readonly on: readonly MovedBlock[] }> {
  const { off, on } = await findRoute(state, target)
  return { off, on: on.map((node) => ({ node, loaded: undefined })) }
}

/** Where the block that the table `utxos` stands at is taken off, it has to move: it stays one of the best chain. */
function mustFlush({ coins }: ChainState, target: IndexedHeader, off: readonly IndexedHeader[]): boolean {
  const { height } = coins.flushed
  const lowest = off.at(-1)
  return (lowest !== undefined && lowest.height <= height) || target.height - height >= MAX_UNFLUSHED
}

/** Transactions of a block that wait in the mempool: they leave its table with the block. */
function waiting({ mempool }: ChainState, { txids }: LoadedBlock): Uint8Array[] {
  return txids.filter((txid) => mempool.get(bytesToHex(txid)) !== undefined)
}

async function connectOrBlame(
  sql: TransactionSql,
  { params, scripts }: ChainState,
  block: Omit<ConnectOptions, 'params' | 'scripts'> & { readonly statements: Statements },
): Promise<readonly SettlementEntry[]> {
  const { statements, ...connected } = block
  try {
    return await connectBlock(sql, statements, { ...connected, params, scripts })
  } catch (error) {
    throw InvalidBlockError.blame(block.node, error)
  }
}
