import type { NetworkParams } from '@camelid/consensus'
import type { Identity } from '@camelid/p2p'
import type { Clock } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { Logger } from 'pino'
import type { CatchUp } from './catch-up/catch-up.ts'
import type { CompactRelay } from './compact/compact-relay.ts'
import type { Metrics } from './metrics.ts'
import type { AddressBook } from './peers/address-book.ts'
import type { BanList } from './peers/ban-list.ts'
import type { GuestPlaces } from './peers/guest-places.ts'
import type { Peer } from './peers/peer.ts'
import type { PeerTable } from './peers/peer-table.ts'
import type { Reachability } from './peers/reachability.ts'
import type { Inventory } from './relay/inventory.ts'
import type { Owners } from './relay/owners.ts'
import type { Routes } from './relay/routes.ts'
import type { SeenCache } from './relay/seen-cache.ts'
import type { BlockFetcher } from './sync/block-fetcher.ts'
import type { HeaderLead } from './sync/header-lead.ts'
import type { WantedBlocks } from './sync/keep-wanted.ts'
import type { TipWatch } from './sync/tip-watch.ts'
import type { TransactionFetcher } from './sync/transaction-fetcher.ts'
import type { Turnstile } from './turnstile.ts'

/** What the parts of the gateway share. */
export interface GatewayParts {
  readonly params: Pick<NetworkParams, 'name' | 'magic'>
  readonly identity: Identity
  readonly clock: Clock
  readonly log: Logger
  /** Aborts when the gateway stops. */
  readonly signal: AbortSignal
  readonly sql: Sql
  readonly metrics: Metrics
  readonly owners: Owners
  readonly peers: PeerTable
  readonly places: GuestPlaces
  readonly reachability: Reachability
  readonly bans: BanList
  readonly book: AddressBook
  readonly routes: Routes
  readonly seen: SeenCache
  readonly blocks: BlockFetcher
  /** What the chain lacks, for `blocks` to fetch. */
  readonly wanted: WantedBlocks
  /** Which peer tells its headers now. */
  readonly headerLead: HeaderLead
  readonly compact: CompactRelay
  readonly transactions: TransactionFetcher
  readonly inventory: Inventory
  readonly tip: TipWatch
  /** Jobs that were flooded while this node did not hear it. */
  readonly catchUp: CatchUp
  /** Where questions of all peers to the owners pass, see `ask`. */
  readonly asking: Turnstile
  /** Charges a peer for what it did; at the limit it is banned and dismissed. */
  charge(peer: Peer, score: number, reason: string): void
}
