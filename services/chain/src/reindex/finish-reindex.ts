import { addToOutbox } from '@camelid/events'
import { connectedEvent, disconnectedEvent } from '../chain/block-events.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { findBestHeader } from '../store/headers.ts'
import { deleteReindex, findForkBefore, listBefore } from '../store/reindex.ts'
import { moveTip } from '../store/tip.ts'

/**
 * One transaction: the tables are whole again. What the best chain is now beside what was announced, e.g. where a block was lost, is
 * announced as a reorganisation. Runs in the writer.
 */
export async function finishReindex(state: ChainState): Promise<void> {
  const { node } = state.tip
  const from = { hash: node.hash, version: state.tip.version }
  let { version } = from
  await state.sql.begin(async (sql) => {
    const fork = await findForkBefore(sql)
    for (const block of await listBefore(sql, fork)) await addToOutbox(sql, [disconnectedEvent(block, ++version)])
    for (let height = fork + 1; height <= node.height; height++) {
      const connected = await findBestHeader(sql, height)
      if (connected === undefined) throw new RangeError(`the best chain has no block at height ${height}`)
      const { txids } = await state.blocks.load(sql, connected.hash)
      await addToOutbox(sql, [connectedEvent(connected, txids, ++version)])
    }
    if (version !== from.version) await moveTip(sql, from, { hash: node.hash, version })
    await deleteReindex(sql)
  })
  state.tip = { node, version }
  state.wakeOutbox()
}
