import { TokenBucket } from '@camelid/runtime'

/** Copies of addressed messages that are passed on for one peer, a second in the long run and at once. */
const COPIES = { perSecond: 50, burst: 500 }
/** Their bytes: the largest message passes, and then nothing for some time. */
const BYTES = { perSecond: 512 * 1024, burst: 8 * 1024 * 1024 }

/**
 * What is passed on for one peer to receivers that it names, each copy counted, so that nobody makes us send many times what he sends
 * himself. What everybody gets needs no quota: it goes on once, and only when its owner took it. Time is passed in, in milliseconds.
 */
export class ForwardQuota {
  readonly #copies: TokenBucket
  readonly #bytes: TokenBucket

  constructor(nowMs: number) {
    this.#copies = new TokenBucket({ ...COPIES, nowMs })
    this.#bytes = new TokenBucket({ ...BYTES, nowMs })
  }

  /** Is there anything left? What is spent beyond is a debt that has to be waited out first. */
  open(nowMs: number): boolean {
    return this.#copies.take(0, nowMs) === 0 && this.#bytes.take(0, nowMs) === 0
  }

  /** Counts copies of a message of `bytes` bytes that were sent. */
  spend(copies: number, bytes: number, nowMs: number): void {
    this.#copies.take(copies, nowMs)
    this.#bytes.take(copies * bytes, nowMs)
  }
}
