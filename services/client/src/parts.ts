import type { NetworkParams } from '@camelid/consensus'
import type { Outsourcing } from './checks/check-outsourced.ts'
import type { HeaderChain } from './headers/header-chain.ts'
import type { ClientKeys } from './keys/open-keys.ts'
import type { Log } from './log.ts'
import type { ModelLibrary } from './models/library.ts'
import type { Standings } from './nodes/standings.ts'
import type { PeerSet } from './peers/peer-set.ts'
import type { CoinStore } from './store/coins.ts'
import type { JobStore } from './store/jobs.ts'
import type { Store } from './store/open.ts'
import type { SpendStore } from './store/spends.ts'
import type { AddressBook } from './wallet/address-book.ts'

/** What the wallet and the jobs are made of; everything that touches the world is in here. */
export interface Parts {
  readonly params: NetworkParams
  /** Peers that must agree that an output is unspent. */
  readonly minPeers: number
  readonly store: Store
  readonly coins: CoinStore
  readonly jobs: JobStore
  readonly spends: SpendStore
  readonly chain: HeaderChain
  readonly peers: PeerSet
  readonly keys: ClientKeys
  readonly addresses: AddressBook
  readonly library: ModelLibrary
  readonly standings: Standings
  /** How neighbours check outputs of models that are not here, which they are then shown; undefined: they are not asked. */
  readonly outsourcing: Outsourcing | undefined
  /** Unix milliseconds. */
  readonly nowMs: () => number
  readonly log: Log
  /** Aborts when the client stops. */
  readonly signal: AbortSignal
}
