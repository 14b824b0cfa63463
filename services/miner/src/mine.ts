import { isCoded } from '@camelid/errors'
import { retry, sleep } from '@camelid/runtime'
import type { ChainClient } from './chain/chain-client.ts'
import { type BlockTemplate, fetchTemplate } from './chain/fetch-template.ts'
import { followTip } from './chain/follow-tip.ts'
import type { MinerLog, MinerMetrics } from './metrics.ts'
import { type Found, ThreadPool } from './threads/thread-pool.ts'
import { assembleBlock } from './work/assemble-block.ts'
import { sameWork } from './work/template.ts'

/** A template is asked for again after this long, so that its latest time and its fees do not grow old. */
const REFRESH_MS = 5_000
/** A block found while the chain restarts is offered for this long: later it would be stale. */
const SUBMIT_DEADLINE_MS = 10_000

export interface MineOptions {
  readonly chain: ChainClient
  readonly payoutH2: Uint8Array
  readonly threads: number
  readonly duty: number
  readonly log: MinerLog
  readonly metrics: MinerMetrics
  readonly signal: AbortSignal
}

/** Mines until aborted. Rejects only when a thread dies: then the process is of no more use. */
export async function mine(options: MineOptions): Promise<void> {
  const { chain, log, metrics, signal } = options
  const failed = Promise.withResolvers<never>()
  const wake = new Wake()
  let template: BlockTemplate | undefined
  await using pool = new ThreadPool({
    threads: options.threads,
    duty: options.duty,
    onHashed: metrics.hashed,
    onFailure: failed.reject,
    onFound: (found) => {
      const block = template
      if (block !== undefined) void submit(options, block, found).then(() => wake.up())
    },
  })
  const follow = followTip({
    chain,
    signal,
    onChange: () => wake.up(),
    onLost: (error) => {
      log.warn({ reason: messageOf(error) }, 'the chain does not answer: resting until it does')
      template = undefined
      pool.workOn(undefined)
    },
  })
  const renew = async () => {
    while (!signal.aborted) {
      await wake.wait(REFRESH_MS, signal)
      const next = await fetchTemplate(chain, options.payoutH2, signal).catch((error: unknown) => {
        // A chain that is away is said once by followTip; a refusal has a reason of its own.
        if (isCoded(error) && error.code !== 'UNAVAILABLE') log.warn({ code: error.code }, error.message)
        return undefined
      })
      if (next === undefined) continue
      if (template !== undefined && pool.busy && sameWork(template.work, next.work)) continue
      template = next
      pool.workOn(next.work)
      metrics.height.set(next.work.height)
    }
  }
  await Promise.race([Promise.all([follow, renew()]), failed.promise])
}

async function submit(
  { chain, log, metrics, signal }: MineOptions,
  template: BlockTemplate,
  found: Found,
): Promise<void> {
  if (found.template !== template.work) return
  const block = assembleBlock({ ...found, work: template.work, transactions: template.transactions })
  try {
    const { newTip } = await retry(() => chain.submitBlock({ block }, { signal }), {
      signal,
      log,
      what: 'the chain to take a block',
      deadlineMs: SUBMIT_DEADLINE_MS,
      retryable: (error) => isCoded(error) && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED'),
    })
    metrics.blocks.inc({ result: newTip ? 'tip' : 'stale' })
    log.info({ height: template.work.height, newTip }, 'mined a block')
  } catch (error) {
    if (signal.aborted) return
    metrics.blocks.inc({ result: 'refused' })
    log.warn({ height: template.work.height, reason: messageOf(error) }, 'the chain refused a block')
    // Whatever is wrong with the template, do not find blocks on it as fast as they are refused.
    await sleep(1_000, signal).catch(() => undefined)
  }
}

/** A flag one loop waits for and others raise; raising it twice before it is seen counts once. */
class Wake {
  #raised = true
  #resolve: (() => void) | undefined

  up(): void {
    this.#raised = true
    this.#resolve?.()
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#raised) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const wake = () => resolve()
      this.#resolve = wake
      const timer = setTimeout(wake, timeoutMs)
      signal.addEventListener('abort', wake, { once: true })
      await promise
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
    }
    this.#raised = false
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
