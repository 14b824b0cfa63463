import type { MessageInitShape } from '@bufbuild/protobuf'
import type { AcceptRequestSchema, AcceptResponse, JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { RpcClient } from '@camelid/rpc'

type Request = MessageInitShape<typeof AcceptRequestSchema>

/** The one long stream by which a gateway hands over what peers send. */
export class AcceptStream {
  readonly #queue: Request[] = []
  readonly #waiting = new Map<bigint, PromiseWithResolvers<AcceptResponse>>()
  readonly #abort = new AbortController()
  readonly #done: Promise<void>
  #wake: () => void = () => undefined
  #count = 0n

  constructor(jobPool: RpcClient<typeof JobPoolService>) {
    this.#done = this.#read(jobPool)
  }

  /** Hands over one message; its verdict. */
  ask(type: number, payload: Uint8Array, told = false): Promise<AcceptResponse> {
    this.#count += 1n
    const id = this.#count
    const verdict = Promise.withResolvers<AcceptResponse>()
    this.#waiting.set(id, verdict)
    this.#queue.push({ id, peer: new Uint8Array(20), type, payload, told })
    this.#wake()
    return verdict.promise
  }

  async close(): Promise<void> {
    this.#abort.abort()
    this.#wake()
    await this.#done
  }

  async #read(jobPool: RpcClient<typeof JobPoolService>): Promise<void> {
    try {
      for await (const response of jobPool.accept(this.#requests(), { signal: this.#abort.signal })) {
        this.#waiting.get(response.id)?.resolve(response)
        this.#waiting.delete(response.id)
      }
    } catch {
      // The stream ends with the service, or with the test.
    }
    for (const { reject } of this.#waiting.values()) reject(new Error('the stream ended before the verdict'))
  }

  async *#requests(): AsyncGenerator<Request> {
    while (!this.#abort.signal.aborted) {
      const next = this.#queue.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
