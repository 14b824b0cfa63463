import { setImmediate } from 'node:timers/promises'
import type { Candidates, Wanted } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import type { NativeContext } from '../llama/native-context.ts'
import { type Place, Reading } from './reading.ts'
import { type RowPlan, rowsOf } from './rows-of.ts'
import type { Sequence } from './sequence.ts'

/** How long others wait for this thread at most, milliseconds. */
const TURN_MS = 2
/** Between looks at whether outputs are there. */
const PREPARED_AT_A_TIME = 8

/**
 * Reads tokens into the sequences of a context. Those that step on by a token go in one batch, or each in its own, as planned; whoever
 * has more to read has a batch to itself, by turns: what a sequence gets is the same whoever reads at the time.
 */
export class TokenReader {
  readonly #context: NativeContext
  /** By number. */
  readonly #sequences: readonly Sequence[]
  readonly #plan: RowPlan
  /** The one that has waited longest comes first. */
  #readings: Reading[] = []
  #hasStepped = false
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(context: NativeContext, sequences: readonly Sequence[], plan: RowPlan) {
    this.#context = context
    this.#sequences = sequences
    this.#plan = plan
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
      const readings = this.#readings.filter((reading) => reading.goesOn())
      this.#readings = readings
      if (readings.length === 0) break
      const batch = this.#next(readings)
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
      const waited = this.#readings.filter((reading) => !batch.includes(reading))
      this.#readings = [...waited, ...batch.filter((reading) => !reading.isRead)]
    }
    this.#running = undefined
  }

  /** By turns all that step on, and the first of those that have more to read; or whoever waits first. */
  #next(readings: readonly Reading[]): readonly Reading[] {
    if (this.#plan.kind === 'apart' && !this.#plan.batched) return readings.slice(0, 1)
    const steps = readings.filter(({ left }) => left === 1)
    const longer = readings.filter(({ left }) => left > 1).slice(0, 1)
    this.#hasStepped = longer.length === 0 || (steps.length > 0 && !this.#hasStepped)
    return this.#hasStepped ? steps : longer
  }

  async #readBatch(batch: readonly Reading[]): Promise<void> {
    const places = this.#put(batch)
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

  /** Puts what is to be read into the context's batch. */
  #put(batch: readonly Reading[]): Place[] {
    const [first] = batch
    if (first !== undefined && first.left > 1) return first.put(this.#context, this.#context.shape.batchTokens)
    const stepping = new Map(batch.map((reading) => [reading.sequence.id, reading]))
    return rowsOf([...stepping.keys()], this.#plan, this.#sequences.length).flatMap((number) => {
      const places = stepping.get(number)?.put(this.#context, 1)
      if (places === undefined) this.#sequences[number]?.fillUp(this.#context)
      return places ?? []
    })
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
