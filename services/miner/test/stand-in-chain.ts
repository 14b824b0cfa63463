import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { type RpcServer, type ServiceHandlers, serveRpc, serviceImpl } from '@camelid/rpc'
import { IMPOSSIBLE, templateFixture } from './template-fixture.ts'

/**
 * What a miner sees of a chain, over real gRPC, with tips that come when told and templates that no hash meets:
 * the real one lets neither be held still. The tip is a hash of 32 equal bytes.
 */
export class StandInChain implements AsyncDisposable {
  /** Awaited before each template is given out. */
  hold: Promise<void> = Promise.resolve()
  /** Templates given out. */
  templates = 0
  #tip = 0
  #news = Promise.withResolvers<void>()
  #server: RpcServer | undefined

  /** @returns host:port */
  async start(): Promise<string> {
    const handlers: Partial<ServiceHandlers<typeof ChainService>> = {
      watchTip: (_, { signal }) => this.#watchTip(signal),
      getBlockTemplate: () => this.#template(),
    }
    // A miner that submits no block calls nothing else.
    const service = serviceImpl(ChainService, handlers as ServiceHandlers<typeof ChainService>)
    this.#server = await serveRpc({
      host: '127.0.0.1',
      port: 0,
      services: [service],
      log: { error: () => undefined },
    })
    return `127.0.0.1:${this.#server.port}`
  }

  /** Announces a new tip. */
  moveTip(): void {
    this.#tip++
    this.tell()
  }

  /** Announces that there is something new, such as other fees on the same tip. */
  tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }

  async *#watchTip(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.tell(), { once: true })
    while (!signal.aborted) {
      const news = this.#news.promise
      yield { tip: { hash: this.#hash() } }
      await news
    }
  }

  async #template() {
    const { work } = templateFixture({ parent: 0, target: IMPOSSIBLE })
    const header = work.header.slice()
    header.set(this.#hash(), 4)
    await this.hold
    this.templates++
    return { ...work, header, merkleBranch: [...work.merkleBranch], minTime: 0, maxTime: 2 ** 32 - 1 }
  }

  #hash = (): Uint8Array => new Uint8Array(32).fill(this.#tip)

  async [Symbol.asyncDispose](): Promise<void> {
    this.tell()
    await this.#server?.[Symbol.asyncDispose]()
  }
}
