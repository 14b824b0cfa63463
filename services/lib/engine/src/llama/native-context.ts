import { promisify } from 'node:util'
import { EngineError } from '../errors.ts'
import { dryRun } from './dry-run.ts'
import type { Address } from './functions.ts'
import type { Llama } from './load-llama.ts'
import type { NativeModel } from './native-model.ts'
import { type ContextShape, contextParams } from './params.ts'
import type { Batch, ContextParams } from './structs.ts'

/** To the end, of positions. */
const ALL = -1
const POINTER_BYTES = 8

/**
 * What llama.cpp holds for the sequences of a model, and the batch that it reads next. Nothing may be called while it decodes.
 */
export class NativeContext {
  readonly shape: ContextShape
  readonly vocabularySize: number
  readonly #model: NativeModel
  readonly #address: Address
  readonly #memory: Address
  readonly #batch: Batch
  readonly #decode: (context: Address, batch: Batch) => Promise<number>
  /** A GPU goes on computing after the call; whoever looks at logits then would wait for it in this thread. */
  readonly #synchronize: ((context: Address) => Promise<void>) | undefined
  readonly #members: { token: Int32Array; pos: Int32Array; seqId: readonly Int32Array[]; logits: Int8Array }
  #tokens = 0
  #outputs = 0
  #logits: { readonly address: Address; readonly rows: Float32Array } = { address: 0, rows: new Float32Array() }

  private constructor(model: NativeModel, address: Address, shape: ContextShape) {
    const { functions } = model.llama
    this.shape = shape
    this.#model = model
    this.#address = address
    this.#memory = functions.llama_get_memory(address)
    this.vocabularySize = model.vocabularySize
    this.#batch = functions.llama_batch_init(shape.batchTokens, 0, 1)
    this.#decode = promisify<Address, Batch, number>(functions.llama_decode.async)
    if (model.llama.gpu !== false) this.#synchronize = promisify<Address>(functions.llama_synchronize.async)
    this.#members = this.#viewBatch()
  }

  /** @throws EngineError MODEL_TOO_LARGE, MODEL_BROKEN, ENGINE_FAILED */
  static async create(model: NativeModel, shape: ContextShape): Promise<NativeContext> {
    const { llama, path, slidingWindow } = model
    const { functions } = llama
    const init = promisify<Address, ContextParams, Address>(functions.llama_init_from_model.async)
    return await llama.inTurn(async () => {
      const address = await init(model.address, contextParams(llama, slidingWindow, shape))
      if (address === 0) throw whyNot(llama, path, shape)
      if (functions.llama_get_memory(address) !== 0) return new NativeContext(model, address, shape)
      functions.llama_free(address)
      const detail = `${path} is no model that continues text: take another one`
      throw new EngineError('MODEL_BROKEN', detail, { data: { path } })
    })
  }

  /** Puts a token into the batch. @returns the number of its output, where one is wanted */
  add(sequence: number, position: number, token: number, wantsOutput: boolean): number {
    const at = this.#tokens
    const { token: tokens, pos, seqId, logits } = this.#members
    const sequences = seqId[at]
    if (sequences === undefined) throw new EngineError('ENGINE_FAILED', 'more tokens than a batch holds')
    this.#tokens++
    tokens[at] = token
    pos[at] = position
    sequences[0] = sequence
    logits[at] = wantsOutput ? 1 : 0
    return wantsOutput ? this.#outputs++ : -1
  }

  /** Begins another batch. */
  clear(): void {
    this.#tokens = 0
    this.#outputs = 0
  }

  /** Reads the batch, in a thread, and begins another. @throws EngineError ENGINE_FAILED */
  async decode(): Promise<void> {
    const batch = { ...this.#batch, n_tokens: this.#tokens }
    const outputs = this.#outputs
    this.clear()
    const result = await this.#decode(this.#address, batch)
    if (result !== 0)
      throw new EngineError('ENGINE_FAILED', `llama.cpp failed to evaluate tokens: ${result}`, { data: { result } })
    if (this.#synchronize !== undefined) await this.#synchronize(this.#address)
    if (outputs > 0) this.#viewLogits(outputs)
  }

  /** Raw logits of one output of the batch that was read last, by token id; until the next is read. */
  logits(output: number): Float32Array {
    return this.#logits.rows.subarray(output * this.vocabularySize, (output + 1) * this.vocabularySize)
  }

  /** Forgets what a sequence holds from a position on. @throws EngineError ENGINE_FAILED */
  cut(sequence: number, from: number): void {
    if (this.#model.llama.functions.llama_memory_seq_rm(this.#memory, sequence, from === 0 ? ALL : from, ALL)) return
    throw new EngineError('ENGINE_FAILED', 'llama.cpp cannot cut a sequence of this model back')
  }

  [Symbol.dispose](): void {
    const { functions } = this.#model.llama
    functions.llama_batch_free(this.#batch)
    functions.llama_free(this.#address)
  }

  #viewBatch() {
    const { view } = this.#model.llama
    const { batchTokens } = this.shape
    const { token, pos, n_seq_id, seq_id, logits } = this.#batch
    new Int32Array(view(n_seq_id, 4 * batchTokens)).fill(1)
    const lists = new BigUint64Array(view(seq_id, POINTER_BYTES * batchTokens))
    return {
      token: new Int32Array(view(token, 4 * batchTokens)),
      pos: new Int32Array(view(pos, 4 * batchTokens)),
      seqId: Array.from(lists, (list) => new Int32Array(view(Number(list), 4))),
      logits: new Int8Array(view(logits, batchTokens)),
    }
  }

  /** Where they lie stays the same from batch to batch, but for larger ones. */
  #viewLogits(outputs: number): void {
    const { functions, view } = this.#model.llama
    const address = functions.llama_get_logits(this.#address)
    const length = outputs * this.vocabularySize
    if (address === this.#logits.address && length <= this.#logits.rows.length) return
    this.#logits = { address, rows: new Float32Array(view(address, 4 * length)) }
  }
}

function whyNot(llama: Llama, path: string, shape: ContextShape): EngineError {
  const { isRight, said } = dryRun(llama, path, shape)
  if (!isRight) return new EngineError('ENGINE_FAILED', `llama.cpp cannot make the context asked for: ${said}`)
  const detail = `a context of ${shape.sequences} × ${shape.contextSize} tokens does not fit the memory that is free: hold fewer models or sequences`
  return new EngineError('MODEL_TOO_LARGE', detail)
}
