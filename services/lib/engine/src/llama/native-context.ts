import { promisify } from 'node:util'
import { EngineError } from '../errors.ts'
import type { Address } from './functions.ts'
import { isOutOfMemory } from './native-log.ts'
import type { NativeModel } from './native-model.ts'
import type { Batch } from './structs.ts'

/** ggml_type. */
const CACHE_TYPES = { F16: 1, Q8_0: 8 }
/** llama_flash_attn_type: never "auto". */
const FLASH_ATTENTION = { off: 0, on: 1 }
/** Cells that llama.cpp rounds a context up to. */
const CELLS = 256
/** To the end, of positions. */
const ALL = -1
const POINTER_BYTES = 8

export interface ContextShape {
  /** Tokens of each sequence. */
  readonly contextSize: number
  readonly sequences: number
  /** Tokens computed at a time, at most. */
  readonly batchTokens: number
  readonly threads: number
  readonly flashAttention: boolean
  /** Of keys and values. */
  readonly cacheType: keyof typeof CACHE_TYPES
}

/**
 * What llama.cpp holds for the sequences of a model, and the batch that it reads next. Nothing may be called while it decodes.
 */
export class NativeContext {
  readonly shape: ContextShape
  readonly #model: NativeModel
  readonly #address: Address
  readonly #memory: Address
  readonly #vocabularySize: number
  readonly #batch: Batch
  readonly #decode: (context: Address, batch: Batch) => Promise<number>
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
    this.#vocabularySize = model.vocabularySize
    this.#batch = functions.llama_batch_init(shape.batchTokens, 0, 1)
    this.#decode = promisify<Address, Batch, number>(functions.llama_decode.async)
    this.#members = this.#viewBatch()
  }

  /** @throws EngineError MODEL_TOO_LARGE, ENGINE_FAILED */
  static async create(model: NativeModel, shape: ContextShape): Promise<NativeContext> {
    const { functions, log } = model.llama
    // llama.cpp ends the process where a batch has no room for a token of each sequence.
    const batch = Math.max(shape.batchTokens, shape.sequences) + (model.slidingWindow > 0 ? 1 : 0)
    const params = {
      ...functions.llama_context_default_params(),
      n_ctx: shape.sequences * CELLS * Math.ceil(shape.contextSize / CELLS),
      n_batch: batch,
      n_ubatch: batch,
      n_seq_max: shape.sequences,
      n_threads: shape.threads,
      n_threads_batch: shape.threads,
      flash_attn_type: FLASH_ATTENTION[shape.flashAttention ? 'on' : 'off'],
      type_k: CACHE_TYPES[shape.cacheType],
      type_v: CACHE_TYPES[shape.cacheType],
      swa_full: false,
      kv_unified: false,
    }
    log.takeWarnings()
    const init = functions.llama_init_from_model
    const address = await promisify<Address, typeof params, Address>(init.async)(model.address, params)
    if (address !== 0) return new NativeContext(model, address, shape)
    const said = log.takeWarnings()
    if (isOutOfMemory(said)) {
      const detail = `a context of ${shape.sequences} × ${shape.contextSize} tokens does not fit the memory that is free: hold fewer models or sequences`
      throw new EngineError('MODEL_TOO_LARGE', detail, { data: { said } })
    }
    throw new EngineError('ENGINE_FAILED', `llama.cpp cannot make the context asked for: ${said}`, { data: { said } })
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
    const { log } = this.#model.llama
    const result = await this.#decode(this.#address, batch)
    if (result !== 0) {
      const said = log.takeWarnings()
      throw new EngineError('ENGINE_FAILED', `llama.cpp failed to evaluate tokens: ${result} ${said}`)
    }
    if (outputs > 0) this.#viewLogits(outputs)
  }

  /** Raw logits of one output of the batch that was read last, by token id; until the next is read. */
  logits(output: number): Float32Array {
    return this.#logits.rows.subarray(output * this.#vocabularySize, (output + 1) * this.#vocabularySize)
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
    if (address === 0) throw new EngineError('ENGINE_FAILED', 'this model gives no logits: it is none that writes text')
    const length = outputs * this.#vocabularySize
    if (address === this.#logits.address && length <= this.#logits.rows.length) return
    this.#logits = { address, rows: new Float32Array(view(address, 4 * length)) }
  }
}
