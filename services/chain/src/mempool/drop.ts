import { create, toBinary } from '@bufbuild/protobuf'
import { addToOutbox, type OutboxEvent } from '@camelid/events'
import { TxDroppedSchema } from '@camelid/proto/events/v1/events_pb'
import type { TransactionSql } from '@camelid/store'
import type { ChainState } from '../chain/chain-state.ts'
import { deleteEntries } from '../store/mempool.ts'
import type { Entry } from './mempool.ts'

/** Why an entry left the mempool other than into a block. */
type DropReason = 'CONFLICT' | 'MISSING_INPUT' | 'EVICTED' | 'RELEASED' | 'REPLACED' | 'SLASHED' | 'INVALID'

export interface Drop {
  readonly entry: Entry
  readonly reason: DropReason
}

/** Event ids have to differ where a transaction leaves and comes back. */
export function droppedEvent({ entry, reason }: Drop, atMs: number): OutboxEvent {
  return {
    eventId: `dropped:${entry.key}:${atMs}`,
    subject: 'chain.tx.dropped',
    payload: toBinary(TxDroppedSchema, create(TxDroppedSchema, { txid: entry.txid, reason })),
  }
}

/** Within the caller's transaction: forgets the entries and tells why. */
export async function storeDrops(sql: TransactionSql, drops: readonly Drop[], atMs: number): Promise<void> {
  if (drops.length === 0) return
  await Promise.all([
    deleteEntries(
      sql,
      drops.map(({ entry }) => entry.txid),
    ),
    addToOutbox(
      sql,
      drops.map((drop) => droppedEvent(drop, atMs)),
    ),
  ])
}

/** One transaction, then memory: drops the entries with all that rest on them. */
export async function dropEntries(state: ChainState, roots: readonly Drop[]): Promise<void> {
  const drops = withDescendants(state, roots)
  if (drops.length === 0) return
  await state.sql.begin((sql) => storeDrops(sql, drops, state.clock.nowMs()))
  removeAll(state, drops)
  state.wakeOutbox()
  state.bell.templateChanged()
}

/** What rests on a dropped entry goes for want of its inputs. */
export function withDescendants(state: Pick<ChainState, 'mempool'>, roots: readonly Drop[]): Drop[] {
  const drops = new Map<string, Drop>()
  for (const root of roots) {
    for (const entry of state.mempool.withDescendants(root.entry.key)) {
      const drop: Drop = entry.key === root.entry.key ? root : { entry, reason: 'MISSING_INPUT' }
      if (!drops.has(entry.key) || drop === root) drops.set(entry.key, drop)
    }
  }
  return [...drops.values()]
}

/** Takes entries out of memory, children before parents, which spares their families much counting. */
export function removeAll({ mempool }: Pick<ChainState, 'mempool'>, drops: readonly Drop[]): void {
  for (const { entry } of drops.toReversed()) mempool.remove(entry.key)
}
