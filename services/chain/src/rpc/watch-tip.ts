import type { ChainState } from '../chain/chain-state.ts'
import type { Ring } from '../chain/tip-bell.ts'
import { ChainError } from '../chain-error.ts'
import { tipMessage } from './tip-message.ts'

const MAX_FOLLOWERS = 1_000

/** The tip at once, then at every change; a slow reader misses tips in between, never the last. @throws ChainError BUSY */
export async function* watchTip(state: ChainState, signal: AbortSignal) {
  if (state.bell.followers >= MAX_FOLLOWERS)
    throw new ChainError('BUSY', `${MAX_FOLLOWERS} callers follow the tip already`)
  let pending: Ring | undefined
  let wake: (() => void) | undefined
  // Follow first, so that no change falls between the first answer and the next.
  const unfollow = state.bell.follow((ring) => {
    if (pending !== 'tip') pending = ring
    wake?.()
  })
  const abort = () => wake?.()
  signal.addEventListener('abort', abort, { once: true })
  try {
    yield { tip: tipMessage(state.tip), templateChanged: false }
    while (!signal.aborted) {
      if (pending === undefined) {
        const changed = Promise.withResolvers<void>()
        wake = changed.resolve
        await changed.promise
      }
      const ring: Ring | undefined = pending
      pending = undefined
      if (ring !== undefined && !signal.aborted)
        yield { tip: tipMessage(state.tip), templateChanged: ring === 'template' }
    }
  } finally {
    unfollow()
    signal.removeEventListener('abort', abort)
  }
}
