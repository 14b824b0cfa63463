import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { retry, sleep } from '@camelid/runtime'
import type { ChainClient } from './chain/chain-client.ts'
import { type BlockTemplate, fetchTemplate } from './chain/fetch-template.ts'
import { followTip } from './chain/follow-tip.ts'
import type { MinerLog, MinerMetrics } from './metrics.ts'
import { type Found, ThreadPool } from './threads/thread-pool.ts'
import { Wake } from './wake.ts'
import { assembleBlock } from './work/assemble-block.ts'
import { buildsOn, sameWork } from './work/template.ts'

/** A template is asked for again after this long, so that its latest time and its fees do not grow old. */
const REFRESH_MS = 5_000
/** The same while there is no template: the threads rest. */
const ASK_AGAIN_MS = 1_000
/** A block found while the chain restarts is offered for this long: later it would be stale. */
const SUBMIT_DEADLINE_MS = 10_000

export interface MineOptions {
  readonly chain: ChainClient
  readonly payoutH2: Uint8Array
  readonly threads: number
  readonly duty: number
  /** Rest after a tip that replaced another, milliseconds. */
  readonly minIntervalMs: number
  readonly log: Pick<MinerLog, 'info' | 'warn'>
  readonly metrics: MinerMetrics
  readonly signal: AbortSignal
}

/** Mines until aborted. Rejects only when a thread dies: then the process is of no more use. */
export async function mine(options: MineOptions): Promise<void> {
  const { chain, log, metrics, signal } = options
  const failed = Promise.withResolvers<never>()
  const wake = new Wake()
  let template: BlockTemplate | undefined
  let tip: Uint8Array | undefined
  let restUntil = 0
  await using pool = new ThreadPool({
    threads: options.threads,
    duty: options.duty,
    onHashed: metrics.hashed,
    onLoop: (thread, { name, reason }) => {
      metrics.loop(thread, name)
      if (reason === undefined) log.info({ thread, loop: name }, 'a thread is ready to mine')
      else log.warn({ thread, loop: name, reason }, 'a thread mines several times slower than it could')
    },
    onFailure: failed.reject,
    onFound: (found) => {
      const block = template
      if (block !== undefined) void submit(options, block, found).then(() => wake.up())
    },
  })
  const rest = () => {
    template = undefined
    pool.workOn(undefined)
  }
  const follow = followTip({
    chain,
    signal,
    onChange: (hash) => {
      if (tip !== undefined && !equalBytes(tip, hash)) restUntil = performance.now() + options.minIntervalMs
      tip = hash
      // A template for the new tip may take the chain a while; a block on the old one is of no use meanwhile.
      if (template !== undefined && !buildsOn(template.work, hash)) rest()
      wake.up()
    },
    onLost: (error) => {
      log.warn({ reason: messageOf(error) }, 'the chain does not answer: resting until it does')
      rest()
    },
  })
  const renew = async () => {
    while (!signal.aborted) {
      await wake.wait(template === undefined ? ASK_AGAIN_MS : REFRESH_MS, signal)
      for (let left = restUntil - performance.now(); left > 0; left = restUntil - performance.now()) {
        await sleep(left, signal).catch(() => undefined)
        if (signal.aborted) return
      }
      const next = await fetchTemplate(chain, options.payoutH2, signal).catch((error: unknown) => {
        // A chain that is away is said once by followTip; a refusal has a reason of its own.
        if (isCoded(error) && error.code !== 'UNAVAILABLE') log.warn({ code: error.code }, error.message)
        return undefined
      })
      if (next === undefined) continue
      // The tip changed while this was asked for: ask again. If the template is ahead of the tip we know, news is coming.
      if (wake.raised && tip !== undefined && !buildsOn(next.work, tip)) continue
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
