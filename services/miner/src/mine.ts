import type { ChainClient } from './chain/chain-client.ts'
import type { MinerLog, MinerMetrics } from './metrics.ts'
import { ThreadMiner } from './thread-miner.ts'
import { Wake } from './wake.ts'
import { followWork, type WorkFollower } from './work/follow-work.ts'

export interface MineOptions {
  readonly chain: ChainClient
  readonly payoutH2: Uint8Array
  readonly threads: number
  readonly duty: number
  /** Rest of the threads after a tip that replaced another, milliseconds. */
  readonly minIntervalMs: number
  /** Who else mines on the same templates. */
  readonly followers?: readonly WorkFollower[]
  readonly log: Pick<MinerLog, 'info' | 'warn'>
  readonly metrics: MinerMetrics
  readonly signal: AbortSignal
}

/** Mines until aborted. Rejects only when a thread dies: then the process is of no more use. */
export async function mine(options: MineOptions): Promise<void> {
  const { chain, payoutH2, followers = [], log, signal } = options
  const failed = Promise.withResolvers<never>()
  const wake = new Wake()
  await using threads = new ThreadMiner({ ...options, onSubmitted: () => wake.up(), onFailure: failed.reject })
  const following = followWork({ chain, payoutH2, followers: [threads, ...followers], log, signal, wake })
  await Promise.race([following, failed.promise])
}
