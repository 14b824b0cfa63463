import { sleep } from '@camelid/runtime'
import type { ChainClient } from './chain-client.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000

export interface FollowTipOptions {
  readonly chain: ChainClient
  readonly signal: AbortSignal
  /** The hash of the tip, which is new, or the mempool changed enough to be worth a new template. */
  readonly onChange: (tip: Uint8Array) => void
  /** The chain went away; called once each time. */
  readonly onLost: (error: unknown) => void
}

/** Follows the chain's tip until aborted, through every restart of the chain. */
export async function followTip({ chain, signal, onChange, onLost }: FollowTipOptions): Promise<void> {
  let pause = FIRST_PAUSE_MS
  let lost = false
  while (!signal.aborted) {
    try {
      for await (const { tip } of chain.watchTip({}, { signal })) {
        pause = FIRST_PAUSE_MS
        lost = false
        // Copied: the bytes may alias the frame they came in.
        onChange(Uint8Array.from(tip?.hash ?? []))
      }
      throw new Error('the chain ended the stream of tips')
    } catch (error) {
      if (signal.aborted) return
      if (!lost) onLost(error)
      lost = true
    }
    await sleep(pause, signal).catch(() => undefined)
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
  }
}
