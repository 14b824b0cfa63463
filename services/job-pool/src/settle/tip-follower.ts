import type { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'
import { sleep } from '@camelid/runtime'

/** Pause before the watch is opened again, in milliseconds. */
const REOPEN_MS = 250

type TipOptions = {
  readonly chain: RpcClient<typeof ChainService>
  readonly signal: AbortSignal
  readonly onTip: (height: number) => void
  readonly log: { warn(fields: object, message: string): void }
}

/** The height of the chain's tip as last heard. */
export class TipFollower {
  #height: number | null = null
  readonly #options: TipOptions

  constructor(options: TipOptions) {
    this.#options = options
  }

  /** Null before the chain has answered and while it is away. */
  get height(): number | null {
    return this.#height
  }

  /** Watches until the signal aborts; opens the watch again whenever it breaks. */
  async run(): Promise<void> {
    const { chain, signal, onTip, log } = this.#options
    while (!signal.aborted) {
      try {
        for await (const { tip } of chain.watchTip({}, { signal, waitForReady: true })) {
          if (tip === undefined || tip.height === this.#height) continue
          this.#height = tip.height
          onTip(tip.height)
        }
        // The chain ended the watch in order: it is stopping.
        this.#height = null
      } catch (error) {
        if (signal.aborted) return
        if (this.#height !== null) log.warn({ err: error }, 'the chain service is away')
        this.#height = null
      }
      await sleep(REOPEN_MS, signal).catch(() => undefined)
    }
  }
}
