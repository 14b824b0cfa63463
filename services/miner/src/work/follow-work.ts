import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { ChainClient } from '../chain/chain-client.ts'
import { type BlockTemplate, fetchTemplate } from '../chain/fetch-template.ts'
import { followTip } from '../chain/follow-tip.ts'
import { messageOf } from '../message-of.ts'
import type { MinerLog } from '../metrics.ts'
import type { Wake } from '../wake.ts'
import { buildsOn, parentOf } from './template.ts'

/** A template is asked for again after this long, so that its latest time and its fees do not grow old. */
const REFRESH_MS = 5_000
/** The same while there is no template. */
const ASK_AGAIN_MS = 1_000

/** Who mines: told within the same turn of the event loop in which the news came. */
export interface WorkFollower {
  /** To be mined from now on; may be the same work as the last one, asked for anew. */
  onTemplate(template: BlockTemplate): void
  /** The tip is another block: whatever was mined is worth nothing. A template follows. */
  onStale(): void
  /** The chain does not answer. What is found meanwhile may still be taken by it later. */
  onLost(): void
}

export interface FollowWorkOptions {
  readonly chain: ChainClient
  readonly payoutH2: Uint8Array
  readonly followers: readonly WorkFollower[]
  readonly log: Pick<MinerLog, 'warn'>
  readonly signal: AbortSignal
  /** Up when a template is to be asked for at once. */
  readonly wake: Wake
}

/** Keeps all followers on a template of the tip until aborted: asked for anew at a new tip, and when fees or time changed. */
export async function followWork(options: FollowWorkOptions): Promise<void> {
  const { chain, followers, log, signal, wake } = options
  let template: BlockTemplate | undefined
  let tip: Uint8Array | undefined
  const follow = followTip({
    chain,
    signal,
    onChange: (hash) => {
      tip = hash
      // A template for the new tip may take the chain a while; a block on the old one is of no use meanwhile.
      if (template !== undefined && !buildsOn(template.work, hash)) {
        template = undefined
        for (const follower of followers) follower.onStale()
      }
      wake.up()
    },
    onLost: (error) => {
      log.warn({ reason: messageOf(error) }, 'the chain does not answer: no new work until it does')
      template = undefined
      for (const follower of followers) follower.onLost()
    },
  })
  const renew = async () => {
    while (!signal.aborted) {
      await wake.wait(template === undefined ? ASK_AGAIN_MS : REFRESH_MS, signal)
      if (signal.aborted) return
      const next = await fetchTemplate(chain, options.payoutH2, signal).catch((error: unknown) => {
        // A chain that is away is said once by followTip; a refusal has a reason of its own.
        if (isCoded(error) && error.code !== 'UNAVAILABLE') log.warn({ code: error.code }, error.message)
        return undefined
      })
      if (next === undefined) continue
      // The tip changed while this was asked for: ask again. If the template is ahead of the tip we know, news is coming.
      if (wake.raised && tip !== undefined && !buildsOn(next.work, tip)) continue
      const isOtherTip = template !== undefined && !equalBytes(parentOf(template.work), parentOf(next.work))
      template = next
      if (isOtherTip) for (const follower of followers) follower.onStale()
      for (const follower of followers) follower.onTemplate(next)
    }
  }
  await Promise.all([follow, renew()])
}
