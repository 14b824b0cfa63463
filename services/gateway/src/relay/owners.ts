import type { MessageInitShape } from '@bufbuild/protobuf'
import { type AcceptRequestSchema as ChainAcceptSchema, ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { JobPoolService, type AcceptRequestSchema as PoolAcceptSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'
import type { Logger } from 'pino'
import { type Judgement, OwnerStream } from './owner-stream.ts'

type ChainRequest = MessageInitShape<typeof ChainAcceptSchema> & { id: bigint }
type PoolRequest = MessageInitShape<typeof PoolAcceptSchema> & { id: bigint }
/** One thing that the chain judges. */
export type ChainObject = NonNullable<Exclude<ChainRequest['object'], { case: undefined }>>

const READY_MS = 2_000

/** The services that own what peers send: their questions by unary calls, their judgements by long streams. */
export class Owners implements Disposable {
  readonly chain: RpcClient<typeof ChainService>
  readonly jobPool: RpcClient<typeof JobPoolService>
  readonly #chainStream: OwnerStream<ChainRequest>
  /** Apart from blocks: these must not wait behind a flood of transactions. */
  readonly #transactionStream: OwnerStream<ChainRequest>
  readonly #poolStream: OwnerStream<PoolRequest>

  /** @param options.onChainUp, onJobPoolUp told each time blocks, or statements, can be judged again */
  constructor(options: {
    chainUrl: string
    jobPoolUrl: string
    log: Logger
    onChainUp: () => void
    onJobPoolUp: () => void
  }) {
    this.chain = rpcClient(ChainService, options.chainUrl)
    this.jobPool = rpcClient(JobPoolService, options.jobPoolUrl)
    const chain = {
      name: 'chain',
      open: (requests: AsyncIterable<ChainRequest>, signal: AbortSignal) => this.chain.accept(requests, { signal }),
      ready: (signal: AbortSignal) => this.chain.ready({ signal, timeoutMs: READY_MS }),
      log: options.log,
    }
    this.#chainStream = new OwnerStream({ ...chain, onUp: options.onChainUp })
    this.#transactionStream = new OwnerStream(chain)
    this.#poolStream = new OwnerStream({
      name: 'job-pool',
      open: (requests, signal) => this.jobPool.accept(requests, { signal }),
      ready: (signal) => this.jobPool.ready({ signal, timeoutMs: READY_MS }),
      onUp: options.onJobPoolUp,
      log: options.log,
    })
  }

  /** Which owners answer now. */
  get connected(): { chain: boolean; jobPool: boolean } {
    return { chain: this.#chainStream.connected, jobPool: this.#poolStream.connected }
  }

  /** @param peer h2 of the peer that sent it */
  judgeChain(peer: Uint8Array, object: ChainObject): Promise<Judgement> {
    const stream = object.case === 'transaction' ? this.#transactionStream : this.#chainStream
    return stream.judge((id) => ({ id, peer, object }), object.value.length)
  }

  /** @param statement.told the peer was asked for it: this node missed it */
  judgeStatement(
    peer: Uint8Array,
    { type, payload, told }: { type: number; payload: Uint8Array; told: boolean },
  ): Promise<Judgement> {
    return this.#poolStream.judge((id) => ({ id, peer, type, payload, told }), payload.length)
  }

  /** Keeps the streams up until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [this.#chainStream, this.#transactionStream, this.#poolStream].map((stream) => stream.run(signal)),
    )
  }

  [Symbol.dispose](): void {
    this.chain.close()
    this.jobPool.close()
  }
}
