import { isCoded } from '@camelid/errors'
import { retry } from '@camelid/runtime'
import type { ChainClient } from './chain/chain-client.ts'
import { messageOf } from './message-of.ts'
import type { MinerLog, MinerMetrics } from './metrics.ts'

/** A block found while the chain restarts is offered for this long: later it would be stale. */
const SUBMIT_DEADLINE_MS = 10_000

export interface SubmitOptions {
  readonly chain: ChainClient
  readonly log: Pick<MinerLog, 'info' | 'warn'>
  readonly metrics: Pick<MinerMetrics, 'blocks'>
  readonly signal: AbortSignal
}

/** What the chain made of a block; `stopped` when we stop before it says so. */
export type SubmitResult = 'tip' | 'stale' | 'refused' | 'stopped'

/** Offers a block to the chain, also through its restart. Never throws. */
export async function submitBlock(
  { chain, log, metrics, signal }: SubmitOptions,
  { block, height }: { readonly block: Uint8Array; readonly height: number },
): Promise<SubmitResult> {
  try {
    const { newTip } = await retry(() => chain.submitBlock({ block }, { signal }), {
      signal,
      log,
      what: 'the chain to take a block',
      deadlineMs: SUBMIT_DEADLINE_MS,
      retryable: (error) => isCoded(error) && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED'),
    })
    const result = newTip ? 'tip' : 'stale'
    metrics.blocks.inc({ result })
    log.info({ height, newTip }, 'mined a block')
    return result
  } catch (error) {
    if (signal.aborted) return 'stopped'
    metrics.blocks.inc({ result: 'refused' })
    log.warn({ height, reason: messageOf(error) }, 'the chain refused a block')
    return 'refused'
  }
}
