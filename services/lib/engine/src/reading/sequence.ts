import type { NativeContext } from '../llama/native-context.ts'

/** A token whose logits nobody looks at. */
const NO_MATTER = 0

/** One of the sequences of a context: the tokens that it has read. */
export class Sequence {
  readonly id: number
  readonly #canCutBack: boolean
  readonly #tokens: number[] = []
  /** So many are in llama.cpp's cache, of which some may be no longer wanted. */
  #cached = 0

  constructor(id: number, canCutBack: boolean) {
    this.id = id
    this.#canCutBack = canCutBack
  }

  get tokens(): readonly number[] {
    return this.#tokens
  }

  /** How many of the first `count` tokens can be kept. */
  keepable(count: number): number {
    return this.#canCutBack || count >= this.#cached ? Math.min(count, this.#tokens.length) : 0
  }

  /** Forgets all but the first tokens. @param count as `keepable` told */
  keep(count: number): void {
    this.#tokens.length = count
  }

  /** Puts a token into the context's batch. Nobody else may be using the context. */
  read(context: NativeContext, token: number, wantsOutput: boolean): number {
    if (this.#cached > this.#tokens.length) this.#cut(context)
    const output = context.add(this.id, this.#tokens.length, token, wantsOutput)
    this.#tokens.push(token)
    this.#cached++
    return output
  }

  /** Puts a token into the context's batch that is computed and dropped, for the sake of the others there. */
  fillUp(context: NativeContext): void {
    if (this.#cached > this.#tokens.length) this.#cut(context)
    context.add(this.id, this.#tokens.length, NO_MATTER, true)
    this.#cached++
  }

  /** After a batch that failed nobody knows what is cached. */
  forget(context: NativeContext): void {
    this.#tokens.length = 0
    this.#cut(context)
  }

  #cut(context: NativeContext): void {
    context.cut(this.id, this.#tokens.length)
    this.#cached = this.#tokens.length
  }
}
