import type { LoadedBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { compactBlockOf } from '../compact/compact-block.ts'

const MAX_FOLLOWERS = 16

/** The blocks of our own miners from now on, compact; a slow reader misses all but the last. @throws ChainError BUSY */
export async function* watchOwnBlocks({ candidates }: Pick<ChainState, 'candidates'>, signal: AbortSignal) {
  if (candidates.followers >= MAX_FOLLOWERS)
    throw new ChainError('BUSY', `${MAX_FOLLOWERS} callers follow our own blocks already`)
  let pending: LoadedBlock | undefined
  let wake: (() => void) | undefined
  const unfollow = candidates.follow((loaded) => {
    pending = loaded
    wake?.()
  })
  const abort = () => wake?.()
  signal.addEventListener('abort', abort, { once: true })
  try {
    while (!signal.aborted) {
      if (pending === undefined) {
        const told = Promise.withResolvers<void>()
        wake = told.resolve
        await told.promise
      }
      const loaded: LoadedBlock | undefined = pending
      pending = undefined
      if (loaded !== undefined && !signal.aborted) yield { block: compactBlockOf(loaded) }
    }
  } finally {
    unfollow()
    signal.removeEventListener('abort', abort)
  }
}
