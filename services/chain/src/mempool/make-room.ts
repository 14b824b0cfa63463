import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import type { Drop } from './drop.ts'
import type { FloorContext } from './fee-floor.ts'
import { type Entry, feeRate, sizeOf } from './mempool.ts'
import { descendantsOf, type MempoolNode } from './mempool-node.ts'
import { MAX_MEMPOOL_BYTES, MIN_RELAY_FEE_RATE } from './policy.ts'

/** Room made beyond what one entry needs: to find who pays least takes a tenth of a second, too long for every transaction. */
const SPARE_BYTES = MAX_MEMPOOL_BYTES / 20

type RoomState = Pick<ChainState, 'mempool'> & {
  readonly clock: Pick<ChainState['clock'], 'nowMs'>
  readonly tip: Pick<ChainState['tip'], 'version'>
  readonly params: Pick<ChainState['params'], 'spacing'>
}

/** Base units a byte that a transaction must pay to get in now. */
export function minimumFeeRate(state: RoomState): number {
  return Math.max(Number(MIN_RELAY_FEE_RATE), state.mempool.floor.rate(floorContext(state)))
}

/**
 * Refuses what pays no more than what gave way, before it costs more than this; for a while, see `FeeFloor`.
 * @throws ChainError MEMPOOL_FULL
 */
export function refuseTooCheap(state: RoomState, entry: Pick<Entry, 'fee' | 'raw' | 'jobId'>): void {
  const floor = state.mempool.floor.rate(floorContext(state))
  if (entry.jobId === null && feeRate(entry) < floor) throw full(floor)
}

/**
 * Those that pay least, with what rests on them, give way to this entry. Reservations are promises and stay.
 * @throws ChainError MEMPOOL_FULL where all others pay better
 */
export function makeRoom(state: RoomState, entry: Entry): Drop[] {
  refuseTooCheap(state, entry)
  const { mempool } = state
  const excess = mempool.bytes + sizeOf(entry) - MAX_MEMPOOL_BYTES
  if (excess <= 0) return []
  const ancestors = mempool.ancestorsOf(entry.tx)
  const drops = new Map<string, Drop>()
  let freed = 0
  let floor = 0
  for (const { node, score } of cheapestFirst(mempool.nodes())) {
    // For a reservation nobody is evicted beyond need.
    if (freed >= excess + (entry.jobId === null ? SPARE_BYTES : 0)) break
    if (entry.jobId === null && score >= feeRate(entry)) break
    if (ancestors.has(node) || drops.has(node.entry.key) || holdsReservation(node)) continue
    for (const { entry: one } of [node, ...descendantsOf(node)]) {
      if (drops.has(one.key)) continue
      drops.set(one.key, { entry: one, reason: 'EVICTED' })
      freed += sizeOf(one)
    }
    floor = Math.max(floor, score)
  }
  const { clock, tip } = state
  if (freed < excess) floor = feeRate(entry)
  mempool.floor.rise(floor, { nowMs: clock.nowMs(), tipVersion: tip.version })
  if (freed < excess) throw full(floor)
  return [...drops.values()]
}

/** By what would be lost with it: its own rate, or that of it and what rests on it if that is better. */
function cheapestFirst(nodes: Iterable<MempoolNode>): { node: MempoolNode; score: number }[] {
  return [...nodes]
    .filter(({ entry }) => entry.jobId === null)
    .map((node) => {
      const { fee, bytes } = node.descendants
      return { node, score: Math.max(feeRate(node.entry), fee / bytes) }
    })
    .sort((a, b) => a.score - b.score)
}

function holdsReservation(node: MempoolNode): boolean {
  return node.children.size > 0 && [...descendantsOf(node)].some(({ entry }) => entry.jobId !== null)
}

function floorContext({ clock, tip, mempool, params }: RoomState): FloorContext {
  return {
    nowMs: clock.nowMs(),
    tipVersion: tip.version,
    fill: mempool.bytes / MAX_MEMPOOL_BYTES,
    spacing: params.spacing,
  }
}

function full(floor: number): ChainError {
  return new ChainError('MEMPOOL_FULL', 'the mempool is full of transactions that pay more: raise the fee', {
    feeRate: floor,
  })
}
