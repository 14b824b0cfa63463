import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import type { Report } from '../progress/report.ts'
import { findReindex } from '../store/reindex.ts'
import { beginReindex } from './begin-reindex.ts'
import { readTables } from './read-tables.ts'
import { rebuild } from './rebuild.ts'
import { reindexing } from './reindexing.ts'

/**
 * Makes all tables again from the raw blocks while the service runs; until they are whole everybody else is refused as REINDEXING. What
 * ends it in between, e.g. a stop of the service, costs nothing: the next start, or the next call, goes on.
 * @throws ChainError PRUNED, REINDEXING
 */
export async function reindexNow(
  state: ChainState,
  options: { readonly full: boolean; readonly report: Report; readonly signal: AbortSignal },
): Promise<void> {
  const { full, report, signal } = options
  if (state.closed?.busy === true) throw state.closed.error
  const { params, sql, clock } = state
  await state.writer.run(async () => {
    state.closed = { busy: true, error: reindexing() }
    try {
      const { forgotten } = await beginReindex(sql, { params, full, nowMs: clock.nowMs(), report })
      if (forgotten > 0) state.log.warn({ forgotten }, 'stored blocks were damaged: they are asked for again')
      await readTables(state)
      await rebuild(state, { report, signal })
    } finally {
      state.suspect = true
      const half = (await findReindex(sql).catch(() => null)) !== undefined
      state.closed = half
        ? { busy: false, error: reindexing('a reindex was interrupted: start it again, or restart the service') }
        : undefined
    }
  })
  // Reads mempool and tip anew, and tells who follows them.
  await write(state, () => Promise.resolve())
}
