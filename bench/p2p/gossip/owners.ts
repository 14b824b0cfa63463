import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, sha256d } from '@camelid/crypto'
import { type Bus, connectBus } from '@camelid/events'
import { ChainService, Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { TxAcceptedSchema } from '@camelid/proto/events/v1/events_pb'
import { JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { type ServiceHandlers, serveRpc, serviceImpl } from '@camelid/rpc'
import { silent } from '../../../services/gateway/test/test-peer.ts'

/** The chain tells of what it accepted so often: as it does, by what one batch of its writes took. */
const TELL_MS = 50

/**
 * A chain and a job-pool that find everything good: what they would cost is theirs, not the gateway's. Over real gRPC, and events over
 * a real NATS, as the gateway knows them.
 */
export class EasyOwners implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack()
  readonly #transactions = new Map<string, Uint8Array>()
  #accepted: Uint8Array[] = []
  #port = 0

  static async start(options: { natsUrl: string; node: string }): Promise<EasyOwners> {
    const owners = new EasyOwners()
    const { signal } = new AbortController()
    const log = { ...silent, error: () => undefined }
    const bus = owners.#stack.use(
      await connectBus({ url: options.natsUrl, network: 'local', node: options.node, name: 'chain', log, signal }),
    )
    const chain: Partial<ServiceHandlers<typeof ChainService>> = {
      getTip: async () => ({ tip: { hash: new Uint8Array(32), height: 0 }, genesisHash: new Uint8Array(32) }),
      getSyncState: async () => ({ locator: [new Uint8Array(32)] }),
      getHeaders: async () => ({}),
      getTransaction: async ({ txid }) => {
        const transaction = owners.#transactions.get(bytesToHex(txid))
        return transaction === undefined ? {} : { transaction, inMempool: true }
      },
      watchTip: async function* (_, { signal: ended }) {
        await new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }))
        yield* []
      },
      accept: (requests) => owners.#accept(requests),
    }
    const pool: Partial<ServiceHandlers<typeof JobPoolService>> = {
      accept: async function* (requests) {
        for await (const { id } of requests) yield { id, outcome: Outcome.OK }
      },
    }
    // A gateway without blocks and jobs calls nothing else.
    const services = [
      serviceImpl(ChainService, chain as ServiceHandlers<typeof ChainService>),
      serviceImpl(JobPoolService, pool as ServiceHandlers<typeof JobPoolService>),
    ]
    const server = owners.#stack.use(await serveRpc({ host: '127.0.0.1', port: 0, services, log }))
    owners.#port = server.port
    const timer = setInterval(() => void owners.#tell(bus), TELL_MS)
    owners.#stack.defer(() => clearInterval(timer))
    return owners
  }

  get url(): string {
    return `127.0.0.1:${this.#port}`
  }

  async *#accept(requests: AsyncIterable<{ id: bigint; object: { case?: string | undefined; value?: unknown } }>) {
    for await (const { id, object } of requests) {
      if (object.case === 'transaction' && object.value instanceof Uint8Array) {
        const transaction = object.value.slice()
        const txid = sha256d(transaction)
        this.#transactions.set(bytesToHex(txid), transaction)
        this.#accepted.push(txid)
      }
      yield { id, outcome: Outcome.OK }
    }
  }

  async #tell(bus: Bus): Promise<void> {
    const [txid, ...moreTxids] = this.#accepted
    if (txid === undefined) return
    this.#accepted = []
    const event = create(TxAcceptedSchema, { txid, relay: true, moreTxids })
    await bus.publish('chain.tx.accepted', toBinary(TxAcceptedSchema, event), { id: bytesToHex(txid) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
