import { Registry } from 'prom-client'
import { connectChain } from '../src/chain/chain-client.ts'
import { createMetrics } from '../src/metrics.ts'
import { mine } from '../src/mine.ts'

/** A miner in this process, whose every report of hashes is seen. */
export function startWatchedMiner(options: {
  readonly url: string
  readonly threads: number
  readonly onHashed: (count: number) => void
}): AsyncDisposable {
  const stack = new AsyncDisposableStack()
  const abort = new AbortController()
  const chain = connectChain(options.url)
  stack.defer(() => chain.close())
  const quiet = () => undefined
  const mining = mine({
    chain,
    payoutH2: new Uint8Array(20),
    threads: options.threads,
    duty: 1,
    minIntervalMs: 0,
    log: { info: quiet, warn: quiet },
    metrics: { ...createMetrics({ metrics: new Registry(), stack }), hashed: options.onHashed },
    signal: abort.signal,
  })
  stack.defer(async () => {
    abort.abort()
    await mining
  })
  return stack
}
