import { Registry } from 'prom-client'
import { createStratumMetrics } from '../src/stratum/metrics.ts'
import { type StratumOptions, StratumServer } from '../src/stratum/serve-stratum.ts'

/** A Stratum port in this process, with what came out of it and a clock that can be set forward. */
export class StratumPort implements AsyncDisposable {
  readonly blocks: Uint8Array[] = []
  readonly faults: unknown[] = []
  readonly registry = new Registry()
  /** Milliseconds added to the clock. */
  aheadMs = 0
  readonly #stack = new AsyncDisposableStack()
  #server: StratumServer | undefined

  static async open(limits: Partial<StratumOptions> = {}): Promise<StratumPort> {
    const port = new StratumPort()
    const nowMs = () => performance.now() + port.aheadMs
    const server = await StratumServer.listen({
      host: '127.0.0.1',
      port: 0,
      startDifficulty: 2 ** -16,
      maxConnections: 100,
      maxPerAddress: 100,
      onBlock: ({ block }) => port.blocks.push(block),
      log: { info: () => undefined, error: (fault: unknown) => port.faults.push(fault) },
      metrics: createStratumMetrics(port.registry, nowMs),
      nowMs,
      ...limits,
    })
    port.#server = port.#stack.use(server)
    return port
  }

  get server(): StratumServer {
    if (this.#server === undefined) throw new Error('the port is not open')
    return this.#server
  }

  /** Value of a metric, summed over its labels that match. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const metric = await this.registry.getSingleMetric(name)?.get()
    const values = metric?.values.filter((value) =>
      Object.entries(labels).every(([label, wanted]) => value.labels[label] === wanted),
    )
    return (values ?? []).reduce((sum, { value }) => sum + value, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
