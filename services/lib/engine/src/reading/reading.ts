import type { CandidateRequest, Candidates, Wanted } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import type { NativeContext } from '../llama/native-context.ts'
import { LogitRow } from './logit-row.ts'
import type { Sequence } from './sequence.ts'

/** Answers for one place at most: what the rule asks of one ends after four. */
const MAX_ROUNDS = 5

/** A place of a batch whose logits are wanted. */
export interface Place {
  readonly reading: Reading
  readonly one: Wanted
  /** Its number among the outputs of its batch. */
  readonly output: number
}

/** Tokens on their way into a sequence, and what is wanted after some of them. */
export class Reading {
  readonly sequence: Sequence
  readonly #tokens: readonly number[]
  /** By rising `after`. */
  readonly #wanted: readonly Wanted[]
  readonly #signal: AbortSignal
  readonly #answers: Candidates[] = []
  readonly #done = Promise.withResolvers<Candidates[]>()
  #read = 0
  #placed = 0
  #hasFailed = false

  constructor(
    sequence: Sequence,
    { tokens, wanted, signal }: { tokens: readonly number[]; wanted: readonly Wanted[]; signal: AbortSignal },
  ) {
    this.sequence = sequence
    this.#tokens = tokens
    this.#wanted = wanted
    this.#signal = signal
  }

  /** The last candidates for each of the wanted places, in order. */
  get answers(): Promise<Candidates[]> {
    return this.#done.promise
  }

  get isRead(): boolean {
    return this.left === 0
  }

  /** Whether anybody still waits for it; it fails where it was given up. */
  goesOn(): boolean {
    if (this.#signal.aborted) this.fail(this.#signal.reason)
    return !this.#hasFailed
  }

  /** So many tokens are not read yet. */
  get left(): number {
    return this.#tokens.length - this.#read
  }

  /**
   * Puts so many tokens, or all that are left, into the context's batch. One token by itself has its logits computed whether they are
   * wanted or not: llama.cpp leaves out of its last kernels what has no output, and who shares the batch would see that.
   */
  put(context: NativeContext, most: number): Place[] {
    const places: Place[] = []
    for (const end = this.#read + Math.min(most, this.left); this.#read < end; this.#read++) {
      const one = this.#wanted[this.#placed]
      const isWanted = one?.after === this.#read
      const output = this.sequence.read(context, this.#tokens[this.#read] ?? 0, isWanted || most === 1)
      if (one === undefined || !isWanted) continue
      places.push({ reading: this, one, output })
      this.#placed++
    }
    return places
  }

  /** Asks the logits of its next place until the answer is judged to be enough. */
  settle(logits: Float32Array, { request, judge }: Wanted): void {
    const row = new LogitRow(logits)
    let next: CandidateRequest | undefined = request
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const answer = row.list(next)
        next = judge?.(answer)
        if (next !== undefined) continue
        this.#answers.push(answer)
        return
      }
      throw new EngineError('ENGINE_FAILED', `${MAX_ROUNDS} answers for one place did not settle its token`)
    } catch (error) {
      this.fail(error)
    }
  }

  /** Once all is read and settled. */
  end(): void {
    this.#done.resolve(this.#answers)
  }

  fail(error: unknown): void {
    this.#hasFailed = true
    this.#done.reject(error)
  }
}
