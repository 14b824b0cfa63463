import type { Llama } from './load-llama.ts'
import type { ContextParams, ModelParams } from './structs.ts'

const ALL_LAYERS = -1
/** llama_lazy_mode: all weights are read when the model is loaded. */
const LAZY_OFF = 0
/** llama_load_mode: no file mapped into memory. */
const LOAD_PLAIN = 0
/** ggml_type. */
const CACHE_TYPES = { F16: 1, Q8_0: 8 }
/** llama_flash_attn_type: never "auto". */
const FLASH_ATTENTION = { off: 0, on: 1 }
/** Cells that llama.cpp rounds a context up to. */
const CELLS = 256

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

/** @param isDryRun whether to load what the file says of itself without the weights: nothing can be read with it */
export function modelParams({ functions, gpu }: Llama, isDryRun: boolean): ModelParams {
  return {
    ...functions.llama_model_default_params(),
    n_gpu_layers: gpu === false ? 0 : ALL_LAYERS,
    lazy_mode: LAZY_OFF,
    ...(isDryRun && { no_alloc: true, load_mode: LOAD_PLAIN }),
  }
}

/** @param slidingWindow of the model, see NativeModel */
export function contextParams({ functions }: Llama, slidingWindow: number, shape: ContextShape): ContextParams {
  // llama.cpp ends the process where a batch has no room for a token of each sequence.
  const batch = Math.max(shape.batchTokens, shape.sequences) + (slidingWindow > 0 ? 1 : 0)
  return {
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
}
