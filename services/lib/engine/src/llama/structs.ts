import type { loadKoffi, TypeObject } from '@camelid/native'

/**
 * Structures of llama.h in the release of llama.cpp that node-llama-cpp brings: their members in order, as C lays them out.
 * Enumerations are int32_t; addresses are numbers.
 */
export const KNOWN_RELEASE = 'v0.5.0'

const ADDRESS = 'uintptr_t'

const MODEL_PARAMS = {
  devices: ADDRESS,
  tensor_buft_overrides: ADDRESS,
  n_gpu_layers: 'int32_t',
  split_mode: 'int32_t',
  load_mode: 'int32_t',
  lazy_mode: 'int32_t',
  main_gpu: 'int32_t',
  tensor_split: ADDRESS,
  progress_callback: ADDRESS,
  progress_callback_user_data: ADDRESS,
  kv_overrides: ADDRESS,
  vocab_only: 'bool',
  check_tensors: 'bool',
  use_extra_bufts: 'bool',
  no_host: 'bool',
  no_alloc: 'bool',
  load_mtp: 'bool',
}

const CONTEXT_PARAMS = {
  n_ctx: 'uint32_t',
  n_batch: 'uint32_t',
  n_ubatch: 'uint32_t',
  n_seq_max: 'uint32_t',
  n_rs_seq: 'uint32_t',
  n_outputs_max: 'uint32_t',
  n_outputs_max_per_seq: 'uint32_t',
  n_threads: 'int32_t',
  n_threads_batch: 'int32_t',
  ctx_type: 'int32_t',
  rope_scaling_type: 'int32_t',
  pooling_type: 'int32_t',
  attention_type: 'int32_t',
  flash_attn_type: 'int32_t',
  rope_freq_base: 'float',
  rope_freq_scale: 'float',
  yarn_ext_factor: 'float',
  yarn_attn_factor: 'float',
  yarn_beta_fast: 'float',
  yarn_beta_slow: 'float',
  yarn_orig_ctx: 'uint32_t',
  defrag_thold: 'float',
  cb_eval: ADDRESS,
  cb_eval_user_data: ADDRESS,
  type_k: 'int32_t',
  type_v: 'int32_t',
  abort_callback: ADDRESS,
  abort_callback_data: ADDRESS,
  embeddings: 'bool',
  offload_kqv: 'bool',
  no_perf: 'bool',
  op_offload: 'bool',
  swa_full: 'bool',
  kv_unified: 'bool',
  samplers: ADDRESS,
  n_samplers: 'size_t',
  ctx_other: ADDRESS,
}

const BATCH = {
  n_tokens: 'int32_t',
  token: ADDRESS,
  embd: ADDRESS,
  pos: ADDRESS,
  n_seq_id: ADDRESS,
  seq_id: ADDRESS,
  logits: ADDRESS,
}

type Member = number | boolean
export type ModelParams = Record<keyof typeof MODEL_PARAMS, Member>
export type ContextParams = Record<keyof typeof CONTEXT_PARAMS, Member>
export type Batch = Record<keyof typeof BATCH, number>

export interface Structs {
  readonly modelParams: TypeObject
  readonly contextParams: TypeObject
  readonly batch: TypeObject
}

export function declareStructs(koffi: Awaited<ReturnType<typeof loadKoffi>>): Structs {
  return {
    modelParams: koffi.struct(MODEL_PARAMS),
    contextParams: koffi.struct(CONTEXT_PARAMS),
    batch: koffi.struct(BATCH),
  }
}

/** What llama.h sets where nobody asks for anything else: a build that lays its structures out otherwise tells other values. */
const DEFAULTS: { readonly model: Partial<ModelParams>; readonly context: Partial<ContextParams> } = {
  model: {
    devices: 0,
    n_gpu_layers: -1,
    split_mode: 1,
    load_mode: -1,
    lazy_mode: 1,
    use_extra_bufts: true,
    load_mtp: false,
  },
  context: {
    n_ctx: 512,
    n_batch: 2048,
    n_ubatch: 512,
    n_seq_max: 1,
    rope_scaling_type: -1,
    flash_attn_type: -1,
    yarn_beta_slow: -1,
    defrag_thold: -1,
    type_k: 1,
    type_v: 1,
    embeddings: false,
    offload_kqv: true,
    no_perf: true,
    op_offload: true,
    swa_full: true,
    kv_unified: false,
    n_samplers: 0,
    ctx_other: 0,
  },
}

export function areKnownDefaults(model: ModelParams, context: ContextParams): boolean {
  return includes(model, DEFAULTS.model) && includes(context, DEFAULTS.context)
}

function includes<T extends object>(all: T, some: Partial<T>): boolean {
  return Object.entries(some).every(([name, value]) => Reflect.get(all, name) === value)
}
