import type { ChainService, Tip } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'
import { retry, sleep } from '@camelid/runtime'
import type { Logger } from 'pino'

/** Follows the tip of our own chain: what Hello tells, and where locators start. */
export class TipWatch {
  readonly #chain: RpcClient<typeof ChainService>
  readonly #log: Logger
  #tip: Tip | undefined

  constructor(options: { chain: RpcClient<typeof ChainService>; log: Logger }) {
    this.#chain = options.chain
    this.#log = options.log
  }

  /** Undefined until the chain was reached for the first time. */
  get tip(): Tip | undefined {
    return this.#tip
  }

  /** Follows until `signal` aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await retry(() => this.#chain.ready({ signal, timeoutMs: 2_000 }), {
          signal,
          log: this.#log,
          what: 'chain',
          maxDelayMs: 1_000,
        })
        for await (const { tip } of this.#chain.watchTip({}, { signal })) if (tip !== undefined) this.#tip = tip
      } catch (error) {
        if (!signal.aborted) this.#log.debug({ err: error }, 'the watch over the tip broke; following it again')
      }
      await sleep(500, signal).catch(() => undefined)
    }
  }
}
