import { type AcceptRequest, type AcceptResponse, type ChainService, Outcome } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'

type Offer = { headers: Uint8Array } | { block: Uint8Array } | { transaction: Uint8Array }
type Request = Pick<AcceptRequest, 'id' | 'peer' | 'object'>

const PEER = new Uint8Array(20).fill(7)

/** One long stream of chain.Accept, as the gateway keeps it. Each offer is answered with the chain's judgement. */
export class Feed implements AsyncDisposable {
  readonly #over = new AbortController()
  readonly #waiting = new Map<bigint, { resolve: (answer: AcceptResponse) => void; reject: (error: unknown) => void }>()
  readonly #queue: Request[] = []
  readonly #done: Promise<void>
  #wake: () => void = () => undefined
  #next = 0n

  constructor(client: RpcClient<typeof ChainService>) {
    this.#done = this.#read(client).catch((error: unknown) => {
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    })
  }

  offer(one: Offer): Promise<AcceptResponse> {
    const id = this.#next++
    this.#queue.push({ id, peer: PEER, object: objectOf(one) })
    this.#wake()
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  /** Offers them all at once and waits for all answers. @throws Error unless each is good and new */
  async take(offers: readonly Offer[]): Promise<void> {
    for (const { outcome, code, detail } of await Promise.all(offers.map((one) => this.offer(one)))) {
      if (outcome !== Outcome.OK) throw new Error(`the chain refused what it should take: ${code} ${detail}`)
    }
  }

  async #read(client: RpcClient<typeof ChainService>): Promise<void> {
    for await (const answer of client.accept(this.#requests(), { signal: this.#over.signal })) {
      this.#waiting.get(answer.id)?.resolve(answer)
      this.#waiting.delete(answer.id)
    }
    throw new Error('the chain ended the stream')
  }

  async *#requests(): AsyncGenerator<Request> {
    while (!this.#over.signal.aborted) {
      const request = this.#queue.shift()
      if (request !== undefined) yield request
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    this.#wake()
    await this.#done
  }
}

function objectOf(one: Offer): Request['object'] {
  if ('headers' in one) return { case: 'headers', value: one.headers }
  return 'block' in one ? { case: 'block', value: one.block } : { case: 'transaction', value: one.transaction }
}
