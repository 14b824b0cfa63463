import { ByteWriter } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'

/** How long an answer may wait for news: callers have deadlines of their own. */
const LONGEST_MS = 30_000
const MAX_WAITING = 1_000

/** Names what a template is made of: the tip and the mempool as it is now. */
export function longpollId({ tip, mempool }: Pick<ChainState, 'tip' | 'mempool'>): Uint8Array {
  const id = new ByteWriter()
  id.bytes(tip.node.hash)
  id.u64(BigInt(mempool.version))
  return id.finish()
}

/**
 * Returns at a change of tip or mempool that is worth another template, at once where `known` is not the present one, and
 * after half a minute in any case. @throws ChainError BUSY
 */
export async function waitForChange(state: ChainState, known: Uint8Array, signal: AbortSignal): Promise<void> {
  const isOther = () => !equalBytes(known, longpollId(state))
  if (isOther()) return
  if (state.bell.followers >= MAX_WAITING)
    throw new ChainError('BUSY', `${MAX_WAITING} callers wait for news of the tip already`)
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  // The bell may ring late for what the caller knows already.
  const unfollow = state.bell.follow(() => {
    if (isOther()) wake()
  })
  const timer = setTimeout(wake, LONGEST_MS)
  signal.addEventListener('abort', wake, { once: true })
  if (signal.aborted) wake()
  await promise
  signal.removeEventListener('abort', wake)
  clearTimeout(timer)
  unfollow()
}
