import { setImmediate } from 'node:timers/promises'
import type { Candidates, Wanted } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import type { NativeContext } from '../llama/native-context.ts'
import { type Place, Reading } from './reading.ts'
import type { Sequence } from './sequence.ts'
import { shareBatch } from './share-batch.ts'

/** How long others wait for this thread at most, milliseconds. */
const TURN_MS = 2
/** Between looks at whether outputs are there. */
const PREPARED_AT_A_TIME = 8

/**
 * Reads tokens into the sequences of a context: those that wait at a time go in one batch, and whoever steps on as soon as its
 * answer is there is in the next.
 */
export class TokenReader {
  readonly #context: NativeContext
  #readings: Reading[] = []
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(context: NativeContext) {
    this.#context = context
  }

  /**
   * @param wanted by rising `after`, which counts from the first of `tokens`
   * @returns the last candidates of each, in order
   * @throws EngineError ENGINE_FAILED, ENGINE_CLOSED; what `judge` throws; the signal's reason
   */
  async read(
    sequence: Sequence,
    request: { readonly tokens: readonly number[]; readonly wanted: readonly Wanted[]; readonly signal: AbortSignal },
  ): Promise<Candidates[]> {
    request.signal.throwIfAborted()
    this.#requireOpen()
    if (request.tokens.length === 0) return []
    const reading = new Reading(sequence, request)
    this.#readings.push(reading)
    this.#running ??= this.#run()
    return await reading.answers
  }

  /** Ends all readings; once it resolves, nobody uses the context. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new EngineError('ENGINE_CLOSED', 'the engine was closed')
  }

  async #run(): Promise<void> {
    for (;;) {
      // Those whose answers have just come ask for their next step before this goes on.
      await setImmediate()
      const batch = this.#readings.filter((reading) => reading.goesOn())
      this.#readings = [...batch]
      if (batch.length === 0) break
      try {
        this.#requireOpen()
        await this.#readBatch(batch)
      } catch (error) {
        this.#context.clear()
        for (const reading of batch) {
          reading.sequence.forget(this.#context)
          reading.fail(error)
        }
      }
      this.#readings = this.#readings.filter((reading) => !reading.isRead)
    }
    this.#running = undefined
  }

  async #readBatch(batch: readonly Reading[]): Promise<void> {
    const wishes = batch.map((reading) => reading.left)
    const shares = shareBatch(wishes, this.#context.shape.batchTokens)
    const places = batch.flatMap((reading, i) => reading.put(this.#context, shares[i] ?? 0))
    const decoding = this.#context.decode()
    try {
      await prepareDuring(decoding, places)
    } finally {
      // Whatever happens: nobody may use the context before.
      await decoding
    }
    await this.#judge(places)
    for (const reading of batch) if (reading.isRead) reading.end()
  }

  /** Tells each place's logits to whoever wants them. */
  async #judge(places: readonly Place[]): Promise<void> {
    let since = performance.now()
    for (const { reading, one, output } of places) {
      if (reading.goesOn()) reading.settle(this.#context.logits(output), one)
      if (performance.now() - since < TURN_MS) continue
      await setImmediate()
      since = performance.now()
    }
  }
}

/** llama.cpp computes in a thread of its own; this one would be idle. What is here already needs no preparing. */
async function prepareDuring(decoding: Promise<void>, places: readonly Place[]): Promise<void> {
  let isDone = false
  decoding
    .finally(() => {
      isDone = true
    })
    .catch(() => {})
  let prepared = 0
  for (const { one } of places) {
    if (one.prepare === undefined) continue
    if (prepared++ % PREPARED_AT_A_TIME === PREPARED_AT_A_TIME - 1) await setImmediate()
    if (isDone) return
    one.prepare()
  }
}
