import type { NetworkParams } from '@camelid/consensus'
import type { Clock, ServiceContext } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { ChainState } from '../chain/chain-state.ts'
import type { ChainConfig } from '../config.ts'
import { beginReindex } from './begin-reindex.ts'
import { rebuild } from './rebuild.ts'
import { reindexing } from './reindexing.ts'

/**
 * Begins the reindex that the configuration asks for, before anything is read from tables that may be damaged; `rebuild` does the rest once
 * there is a state. One that is on already goes on as it was begun. @throws ChainError PRUNED
 */
export async function reindexAtStart(
  sql: Sql,
  { config, log, clock }: { config: ChainConfig; log: ServiceContext<ChainConfig>['log']; clock: Clock },
): Promise<void> {
  if (config.REINDEX === 'off') return
  const params: NetworkParams = config.params
  log.warn(
    { scripts: config.REINDEX === 'full' ? 'all' : 'of new blocks' },
    'REINDEX is set: making all tables again from the raw blocks',
  )
  const { forgotten } = await beginReindex(sql, {
    params,
    full: config.REINDEX === 'full',
    nowMs: clock.nowMs(),
    report: (progress) => log.debug(progress, 'reading headers'),
  })
  if (forgotten > 0) log.warn({ forgotten }, 'stored blocks were damaged: they are asked for again')
}

/** Goes on with a reindex before the service serves; /readyz says so meanwhile. Later ones are told there, too. */
export async function rebuildAtStart(
  ctx: Pick<ServiceContext<ChainConfig>, 'health' | 'signal'>,
  state: ChainState,
): Promise<void> {
  ctx.health.add('tables', () => (state.closed === undefined ? Promise.resolve() : Promise.reject(state.closed.error)))
  state.closed = { busy: true, error: reindexing() }
  await rebuild(state, { signal: ctx.signal })
  state.closed = undefined
}
