import { type HeaderWork, headerWork } from '../hash/header-work.ts'
import { headerFor, rolledTime, type Template } from './template.ts'

const NONCES = 2 ** 32
const NONCE_AT = 76

/** Nonces of one header to try next: `count` of them from `first` on, never past 2³². */
export interface Batch {
  readonly work: HeaderWork
  readonly first: number
  readonly count: number
}

/** Where one thread is within a template: which extra nonce and time its header carries, and which nonces are behind it. */
export class WorkPosition {
  readonly #template: Template
  readonly #nextExtraNonce: () => bigint
  #extraNonce: bigint
  #time: number
  #header: Uint8Array
  #work: HeaderWork
  #nonce = 0

  /** @param nextExtraNonce one that was not tried with this template's coinbase yet */
  constructor(template: Template, nextExtraNonce: () => bigint) {
    this.#template = template
    this.#nextExtraNonce = nextExtraNonce
    this.#extraNonce = nextExtraNonce()
    this.#time = rolledTime(template, 0)
    this.#header = headerFor(template, this.#extraNonce, this.#time)
    this.#work = headerWork(this.#header, template.target)
  }

  /**
   * Moves on to a new extra nonce when the nonces are used up, which is every 10 minutes at 7 MH/s,
   * and to the second that it is `elapsedMs` after the template came.
   */
  next(elapsedMs: number, most: number): Batch {
    const time = rolledTime(this.#template, elapsedMs)
    const exhausted = this.#nonce >= NONCES
    if (exhausted) {
      this.#extraNonce = this.#nextExtraNonce()
      this.#nonce = 0
    }
    if (exhausted || time !== this.#time) {
      this.#time = time
      this.#header = headerFor(this.#template, this.#extraNonce, time)
      this.#work = headerWork(this.#header, this.#template.target)
    }
    const first = this.#nonce
    const count = Math.min(most, NONCES - first)
    this.#nonce += count
    return { work: this.#work, first, count }
  }

  /** The header with a nonce of the batch that came last, and what its block needs besides. */
  won(nonce: number): { readonly header: Uint8Array; readonly extraNonce: bigint } {
    const header = this.#header.slice()
    new DataView(header.buffer).setUint32(NONCE_AT, nonce, true)
    return { header, extraNonce: this.#extraNonce }
  }
}
