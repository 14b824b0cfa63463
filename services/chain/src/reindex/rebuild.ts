import type { ChainState } from '../chain/chain-state.ts'
import type { Report } from '../progress/report.ts'
import { findReindex } from '../store/reindex.ts'
import { finishReindex } from './finish-reindex.ts'
import { followBlocks } from './follow-blocks.ts'

const LOG_MS = 5_000

/**
 * Goes on with a reindex that was begun, however long ago, up to its end; nothing where none was. Runs in the writer, or before the service
 * serves.
 */
export async function rebuild(
  state: ChainState,
  { report = () => undefined, signal }: { readonly report?: Report; readonly signal: AbortSignal },
): Promise<void> {
  if ((await findReindex(state.sql)) === undefined) return
  let loggedAt = Number.NEGATIVE_INFINITY
  await followBlocks(state, {
    signal,
    report: (progress) => {
      report(progress)
      if (performance.now() - loggedAt < LOG_MS) return
      loggedAt = performance.now()
      state.log.info(progress, 'making the tables again from the raw blocks')
    },
  })
  await finishReindex(state)
  state.log.info({ height: state.tip.node.height }, 'the tables are whole again')
}
