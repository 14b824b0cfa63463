import type { NetworkParams } from '@camelid/consensus'
import type { CodedError } from '@camelid/errors'
import type { Clock, ServiceContext } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { CoinCache } from '../coins/coin-cache.ts'
import type { Candidates } from '../compact/candidates.ts'
import type { FeeEstimates } from '../mempool/fees/fee-estimates.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { OrphanTransactions } from '../mempool/orphans/orphan-transactions.ts'
import type { ScriptChecker } from '../scripts/script-checker.ts'
import type { IndexedHeader } from '../store/headers.ts'
import type { BlockCache } from './block-cache.ts'
import type { HeaderIndex } from './header-index.ts'
import type { HeaderPath } from './header-path.ts'
import type { OrphanBlocks } from './orphan-blocks.ts'
import type { SerialQueue } from './serial-queue.ts'
import type { TipBell } from './tip-bell.ts'
import type { WeakBranches } from './weak-branches.ts'

type ChainLog = ServiceContext<never>['log']

/** The block up to which the database stands. */
export interface Tip {
  readonly node: IndexedHeader
  /** Counts connects and disconnects; see the table `tip`. */
  readonly version: bigint
}

/** What the parts of the service share. Only tasks of `writer` change it. */
export interface ChainState {
  readonly params: NetworkParams
  readonly sql: Sql
  readonly clock: Clock
  readonly log: ChainLog
  readonly headers: HeaderIndex
  readonly path: HeaderPath
  readonly blocks: BlockCache
  readonly orphans: OrphanBlocks
  readonly weak: WeakBranches
  readonly candidates: Candidates
  /** The unspent outputs at the tip; the table `utxos` alone may stand lower. */
  readonly coins: CoinCache
  readonly mempool: Mempool
  readonly orphanTransactions: OrphanTransactions
  readonly feeEstimates: FeeEstimates
  readonly scripts: ScriptChecker
  readonly writer: SerialQueue
  readonly bell: TipBell
  /** Events were written to the outbox: send them. */
  readonly wakeOutbox: () => void
  tip: Tip
  /** What the database took of the last change is not known: read it anew before the next. */
  suspect: boolean
  /** When it was last said that the database's disk is full, by performance.now(); unset while it takes what is written. */
  diskFullSince?: number | undefined
  /** Set while the tables are not whole: callers are refused with the error. `busy`: they are being made whole right now. */
  closed?: { readonly busy: boolean; readonly error: CodedError } | undefined
  /** Headers that are not linked, about. */
  unlinked: number
}
