import { randomBytes } from 'node:crypto'
import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'
import { type VerifyResult, VerifyResultSchema } from '@camelid/proto/work/v1/work_pb'

/** Questions of clients before the verifiers at once: our own checks, which share their queues, must not wait long. */
const MAX_WAITING = 8
const MAX_WAITING_OF_PEER = 2

/** Questions of clients without a model that wait for a verifier of ours; the results come back by their ids. */
export class CheckDesk {
  readonly #waiting = new Map<string, { readonly peer: string; readonly take: (result: VerifyResult) => void }>()

  /**
   * Has a question put on a queue and waits for its result.
   * @throws CodedError CHECKS_BUSY, CHECK_TIMEOUT; what `put` throws
   */
  async ask(
    peer: string,
    put: (requestId: Uint8Array) => Promise<void>,
    { timeoutMs }: { readonly timeoutMs: number },
  ): Promise<VerifyResult> {
    const ofPeer = [...this.#waiting.values()].filter((one) => one.peer === peer).length
    if (this.#waiting.size >= MAX_WAITING || ofPeer >= MAX_WAITING_OF_PEER)
      throw new CodedError('CHECKS_BUSY', 'this node checks for as many others as it can: try again in a moment')
    const requestId = randomBytes(16)
    const key = bytesToHex(requestId)
    const { promise, resolve, reject } = Promise.withResolvers<VerifyResult>()
    this.#waiting.set(key, { peer, take: resolve })
    const timer = setTimeout(
      () => reject(new CodedError('CHECK_TIMEOUT', `no verifier answered within ${timeoutMs} ms`)),
      timeoutMs,
    )
    // Where putting it fails nobody awaits this.
    promise.catch(() => undefined)
    try {
      await put(requestId)
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(key)
    }
  }

  /** Takes a verifier's result; false where it answers no question that waits here. */
  take(data: Uint8Array): boolean {
    if (this.#waiting.size === 0) return false
    let result: VerifyResult
    try {
      result = fromBinary(VerifyResultSchema, Uint8Array.from(data))
    } catch {
      return false
    }
    const waiting = this.#waiting.get(bytesToHex(result.requestId))
    waiting?.take(result)
    return waiting !== undefined
  }
}
