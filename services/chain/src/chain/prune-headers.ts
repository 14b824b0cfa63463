import { deleteSideHeaders } from '../store/side-headers.ts'
import type { ChainState } from './chain-state.ts'

/** Headers of side branches without their blocks that are kept: about 40 MB of disk. */
const MAX_SIDE_HEADERS = 100_000

/** Bounds what a stranger's cheap branches of headers take: beyond the limit all but the best are forgotten; they can be sent again. */
export async function pruneHeaders(state: ChainState, added: number): Promise<void> {
  state.unlinked += added
  if (state.unlinked - state.path.length <= MAX_SIDE_HEADERS) return
  const deleted = await deleteSideHeaders(state.sql, state.path.best.hash)
  state.headers.clear()
  state.unlinked = state.path.length
  state.log.warn({ deleted }, 'forgot side branches of headers whose blocks never came')
}
