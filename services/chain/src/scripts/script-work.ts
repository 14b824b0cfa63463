import type { ScriptError } from '@camelid/consensus'
import type { InputRange } from './script-spend.ts'

export type Chunk = readonly InputRange[]

/** One set of spends being judged: threads and caller take chunks of it until none is left. */
export class ScriptWork {
  /** Bits of ScriptFlag. */
  readonly flags: number
  /** By position of the spend: its first failure, null as long as none is known. */
  readonly results: (ScriptError | null)[]
  readonly #stopAtFirst: boolean
  readonly #waiting: Chunk[]
  /** Chunks that threads hold. */
  #away = 0
  #changed = Promise.withResolvers<void>()

  constructor(
    chunks: readonly Chunk[],
    options: { readonly spends: number; readonly flags: number; readonly stopAtFirst: boolean },
  ) {
    this.flags = options.flags
    this.results = new Array<ScriptError | null>(options.spends).fill(null)
    this.#stopAtFirst = options.stopAtFirst
    // Taken from the end.
    this.#waiting = chunks.toReversed()
  }

  /** The next chunk, for the caller to judge itself. */
  take(): Chunk | undefined {
    return this.#waiting.pop()
  }

  /** The next chunk, for a thread: it ends in `settle` or `giveBack`. */
  takeAway(): Chunk | undefined {
    const chunk = this.#waiting.pop()
    if (chunk !== undefined) this.#away++
    return chunk
  }

  /** Whether threads still hold chunks. */
  get isAway(): boolean {
    return this.#away > 0
  }

  /** What a thread found. */
  settle(failures: readonly { readonly position: number; readonly error: ScriptError }[]): void {
    for (const { position, error } of failures) this.fail(position, error)
    this.#ended()
  }

  /** A thread died over this chunk: the caller judges it. */
  giveBack(chunk: Chunk): void {
    this.#waiting.push(chunk)
    this.#ended()
  }

  fail(position: number, error: ScriptError): void {
    this.results[position] ??= error
    if (this.#stopAtFirst) this.#waiting.length = 0
  }

  /** Resolves when a thread has brought a chunk back, judged or not. */
  changed(): Promise<void> {
    return this.#changed.promise
  }

  #ended(): void {
    this.#away--
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }
}
