import { isCoded } from '@camelid/errors'
import { isConnectionError, isDiskFull } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { rollForward } from '../coins/roll-forward.ts'
import { loadMempool } from '../mempool/load-mempool.ts'
import { activateBest } from './activate-best.ts'
import type { ChainState } from './chain-state.ts'
import { loadBestHeader, loadTip } from './open-chain.ts'

/**
 * Runs a task that changes the chain or the mempool, after those that came before it. Where one failed in a way that leaves open what the
 * database took of it, the next one starts by reading everything anew.
 * @throws ChainError BUSY, UNAVAILABLE, REINDEXING, and what the task throws
 */
export function write<T>(state: ChainState, task: () => Promise<T>): Promise<T> {
  if (state.closed !== undefined) return Promise.reject(state.closed.error)
  return state.writer.run(async () => {
    try {
      if (state.suspect) await readAnew(state)
      const done = await task()
      if (state.diskFullSince !== undefined) noteRoom(state)
      return done
    } catch (error) {
      if (isDiskFull(error)) noteFull(state)
      const ruled = isCoded(error) && error.code !== 'TIP_MOVED' && error.code !== 'CORRUPT_DATABASE'
      if (!ruled) state.suspect = true
      // A branch that leaves the chain where its blocks are gone can never be followed: only a person can help.
      if (isCoded(error) && (!ruled || error.code === 'PRUNED')) state.log.error({ err: error }, error.message)
      throw asUnavailable(error)
    }
  })
}

/** A database that is away is no mistake of the caller, nor of this service. */
export function asUnavailable(error: unknown): unknown {
  if (isDiskFull(error)) return new ChainError('DISK_FULL', DISK_FULL)
  return isConnectionError(error)
    ? new ChainError('UNAVAILABLE', 'the database does not answer: try again shortly')
    : error
}

const DISK_FULL =
  'the disk of PostgreSQL is full: make room on it; what is there is served meanwhile, and the chain goes on by itself once there is room'

/** Said once for all that fails of it, and again every so often: a full disk refuses every block. */
const SAY_AGAIN_MS = 60_000

function noteFull(state: ChainState): void {
  const now = performance.now()
  if (state.diskFullSince !== undefined && now - state.diskFullSince < SAY_AGAIN_MS) return
  state.diskFullSince = now
  state.log.error({ code: 'DISK_FULL' }, DISK_FULL)
}

function noteRoom(state: ChainState): void {
  state.diskFullSince = undefined
  state.log.info('the database takes what is written again')
}

async function readAnew(state: ChainState): Promise<void> {
  const tip = await loadTip(state.sql)
  state.headers.clear()
  state.mempool.clear()
  await rollForward(state.sql, state.coins, tip)
  state.tip = tip
  await state.path.follow(await loadBestHeader(state.sql, tip))
  await loadMempool(state)
  await activateBest(state)
  state.suspect = false
  state.bell.tipChanged()
  state.log.info({ height: tip.node.height }, 'read the chain anew from the database')
}
