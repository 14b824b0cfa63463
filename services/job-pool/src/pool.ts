import type { NetworkParams } from '@camelid/consensus'
import type { Registry } from '@camelid/engine'
import type { Bus } from '@camelid/events'
import type { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import type { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import type { RpcClient } from '@camelid/rpc'
import type { Clock, ServiceContext } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { ChangeFeed } from './change-feed.ts'
import type { CheckDesk } from './checks/check-desk.ts'
import type { Config } from './config.ts'
import type { JobDriver } from './job-driver.ts'
import type { KeyedLock } from './keyed-lock.ts'
import type { NodeKeys } from './node-keys.ts'
import type { TipFollower } from './settle/tip-follower.ts'
import type { Floods } from './work/floods.ts'
import type { ProgressLog } from './work/progress-log.ts'
import type { QueueOnce } from './work/queue-once.ts'
import type { Speed } from './work/speed.ts'
import type { WorkerTable } from './work/worker-table.ts'

/** Everything the verbs of this service need from outside, as one object of named parts. */
export type Pool = {
  readonly config: Config
  readonly params: NetworkParams
  readonly clock: Clock
  readonly log: ServiceContext<Config>['log']
  readonly signal: AbortSignal
  readonly sql: Sql
  readonly bus: Bus
  readonly chain: RpcClient<typeof ChainService>
  readonly gateway: RpcClient<typeof GatewayService>
  readonly keys: NodeKeys
  readonly registry: Registry
  readonly tip: TipFollower
  readonly workers: WorkerTable
  readonly speed: Speed
  readonly progress: ProgressLog
  readonly floods: Floods
  readonly queues: QueueOnce
  readonly checks: CheckDesk
  readonly locks: KeyedLock
  readonly driver: JobDriver
  readonly changes: ChangeFeed
  /** Tells the outbox that there is something to send. */
  readonly outbox: { wake(): void }
  /** What the bond keeper waits for, for people; empty when all slots are there. */
  readonly bondStatus: { waitingFor: string[]; funds: bigint }
  /** Silence after which a turn passes on, in milliseconds. */
  readonly leaseMs: number
}
