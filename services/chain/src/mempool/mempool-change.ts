import { create, toBinary } from '@bufbuild/protobuf'
import { addToOutbox, type OutboxEvent } from '@camelid/events'
import { TxAcceptedSchema } from '@camelid/proto/events/v1/events_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { deleteEntries, insertEntries } from '../store/mempool.ts'
import { type Drop, droppedEvent } from './drop.ts'
import type { Entry } from './mempool.ts'

/** Transactions told of in one event, which has to fit a message. */
const MAX_TOLD = 1_000

/** What some judgements did to the mempool in memory, to be stored together. */
export interface MempoolChange {
  readonly accepted: Entry[]
  readonly dropped: Drop[]
}

/**
 * One transaction of three queries: stores a change that memory has already. Where it fails, memory is ahead of the database, and the
 * writer reads all of it anew (see `write`).
 */
export async function storeChange(state: ChainState, { accepted, dropped }: MempoolChange): Promise<void> {
  if (accepted.length + dropped.length === 0) return
  const { mempool, clock } = state
  const atMs = clock.nowMs()
  // What came and went within the change leaves only its events.
  const present = new Set(accepted.filter((entry) => mempool.get(entry.key) === entry))
  const gone = dropped.flatMap(({ entry }) => (mempool.get(entry.key) === undefined ? [entry.txid] : []))
  await state.sql.begin(async (sql) => {
    await insertEntries(sql, [...present])
    await deleteEntries(sql, gone)
    await addToOutbox(sql, [...acceptedEvents(accepted), ...dropped.map((drop) => droppedEvent(drop, atMs))])
  })
  state.wakeOutbox()
  state.bell.templateChanged()
}

/** One event for what is relayed, so that many transactions cost little more than one; one for each reservation. */
function acceptedEvents(accepted: readonly Entry[]): OutboxEvent[] {
  const reservations = accepted.filter(({ jobId }) => jobId !== null)
  const relayed = accepted.filter(({ jobId }) => jobId === null)
  const events = reservations.map((entry) => acceptedEvent(entry, []))
  for (let at = 0; at < relayed.length; at += MAX_TOLD) {
    const [first, ...more] = relayed.slice(at, at + MAX_TOLD)
    if (first !== undefined) events.push(acceptedEvent(first, more))
  }
  return events
}

function acceptedEvent({ key, txid, jobId, addedAtMs }: Entry, more: readonly Entry[]): OutboxEvent {
  const moreTxids = more.map((entry) => entry.txid)
  return {
    eventId: `accepted:${key}:${addedAtMs}`,
    subject: 'chain.tx.accepted',
    payload: toBinary(TxAcceptedSchema, create(TxAcceptedSchema, { txid, relay: jobId === null, moreTxids })),
  }
}
