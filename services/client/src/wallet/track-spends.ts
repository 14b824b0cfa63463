import type { Parts } from '../parts.ts'
import { findTransaction } from '../peers/find-proof.ts'
import { broadcastSpend } from './send-coins.ts'

/** Blocks that a payment of our own may take before it is given up where no peer holds it any more. */
const GIVE_UP_MS = 3_600_000

/** Follows our own payments into blocks: sent again where no peer holds them, their coins free again where that is hopeless. */
export async function trackSpends(context: Parts): Promise<void> {
  for (const { txid, raw, createdMs } of context.spends.pending()) {
    const { proven, inMempool, answered } = await findTransaction(context, txid)
    if (context.signal.aborted) return
    if (proven !== undefined) {
      context.store.transaction(() => {
        context.spends.setState(txid, 'mined', { hash: proven.blockHash, height: proven.height })
        context.coins.unlock(txid)
      })
      continue
    }
    if (answered === 0 || inMempool > 0) continue
    if (context.nowMs() - createdMs < GIVE_UP_MS) {
      await broadcastSpend(context, raw)
      continue
    }
    context.store.transaction(() => {
      context.spends.setState(txid, 'dropped', null)
      context.coins.unlock(txid)
    })
  }
}
