import { bytesToHex } from '@camelid/crypto'
import type { CodedError } from '@camelid/errors'
import type { ChainState } from '../../chain/chain-state.ts'
import { findKnown } from '../../store/known-transactions.ts'
import type { Accepted, Incoming } from '../accept-batch.ts'
import { isRefusal } from '../judge-batch.ts'

/** Parents that an orphan may wait for: more are not worth the memory. */
const MAX_PARENTS = 50

/**
 * Looks at those of a round that spend what is not there: one that is in a block already is known, and one whose parents nobody has seen
 * waits for them. Seldom a query, one for all of them.
 * @param results go with the round; those of known ones are changed
 */
export async function keepOrphans(
  state: ChainState,
  round: readonly Incoming[],
  results: (Accepted | CodedError)[],
): Promise<void> {
  const missing = round.flatMap((one, position) => {
    const result = results[position]
    if (result === undefined || !isRefusal(result) || result.code !== 'MISSING_INPUT') return []
    return [{ one, position, parents: unseenParents(state, one) }]
  })
  if (missing.length === 0) return
  const wanted = missing.flatMap(({ one, parents }) => [one.parsed.txid, ...parents.values()])
  const known = new Set((await findKnown(state.sql, wanted)).map(bytesToHex))
  const nowMs = state.clock.nowMs()
  for (const { one, position, parents } of missing) {
    const { txid, key } = one.parsed
    if (known.has(key)) results[position] = { txid, known: true }
    const unseen = [...parents.keys()].filter((parent) => !known.has(parent))
    // Where all parents were seen, it spends what is spent.
    if (one.peer !== null && !known.has(key) && unseen.length > 0)
      state.orphanTransactions.add(one, { parents: unseen, nowMs })
  }
}

/** By txid in hex the transactions it spends from that are not in the mempool; none where they are too many to wait for. */
function unseenParents({ mempool }: ChainState, { parsed }: Incoming): Map<string, Uint8Array> {
  const parents = new Map<string, Uint8Array>()
  for (const { prevout } of parsed.tx.vin) {
    const key = bytesToHex(prevout.txid)
    if (mempool.get(key) === undefined) parents.set(key, prevout.txid)
    if (parents.size > MAX_PARENTS) return new Map()
  }
  return parents
}
