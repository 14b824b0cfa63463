import type { LibraryHandle, TypeObject } from '@camelid/native'
import type { Batch, ContextParams, ModelParams, Structs } from './structs.ts'

/** Where something of llama.cpp's lies; 0 for nothing. */
export type Address = number
type Bytes = Uint8Array | Int32Array

/** A C function that may run in another thread. */
export interface Threaded<A extends unknown[], R> {
  (...args: A): R
  readonly async: (...args: [...A, (error: unknown, result: R) => void]) => void
}

/** The functions of llama.h that the engine needs, by their names there. */
export interface LlamaFunctions {
  readonly llama_backend_init: () => void
  readonly llama_log_set: (callback: bigint | Address, data: Address) => void
  readonly llama_model_default_params: () => ModelParams
  readonly llama_context_default_params: () => ContextParams
  readonly llama_model_load_from_file: Threaded<[path: string, params: ModelParams], Address>
  readonly llama_model_free: (model: Address) => void
  readonly llama_model_get_vocab: (model: Address) => Address
  readonly llama_model_n_ctx_train: (model: Address) => number
  readonly llama_model_n_swa: (model: Address) => number
  readonly llama_model_size: (model: Address) => number
  readonly llama_model_is_recurrent: (model: Address) => boolean
  readonly llama_model_is_hybrid: (model: Address) => boolean
  readonly llama_model_has_encoder: (model: Address) => boolean
  readonly llama_model_meta_val_str: (model: Address, key: string, into: Bytes, room: number) => number
  readonly llama_vocab_type: (vocab: Address) => number
  readonly llama_vocab_n_tokens: (vocab: Address) => number
  readonly llama_vocab_bos: (vocab: Address) => number
  readonly llama_vocab_eos: (vocab: Address) => number
  readonly llama_vocab_eot: (vocab: Address) => number
  readonly llama_vocab_get_add_bos: (vocab: Address) => boolean
  readonly llama_vocab_is_eog: (vocab: Address, token: number) => boolean
  readonly llama_tokenize: (
    vocab: Address,
    text: Bytes,
    bytes: number,
    tokens: Bytes,
    max: number,
    addSpecial: boolean,
    parseSpecial: boolean,
  ) => number
  readonly llama_detokenize: (
    vocab: Address,
    tokens: Bytes,
    count: number,
    text: Bytes,
    max: number,
    removeSpecial: boolean,
    unparseSpecial: boolean,
  ) => number
  readonly llama_init_from_model: Threaded<[model: Address, params: ContextParams], Address>
  readonly llama_free: (context: Address) => void
  readonly llama_get_memory: (context: Address) => Address
  readonly llama_memory_seq_rm: (memory: Address, sequence: number, from: number, to: number) => boolean
  readonly llama_batch_init: (tokens: number, embeddings: number, sequences: number) => Batch
  readonly llama_batch_free: (batch: Batch) => void
  readonly llama_decode: Threaded<[context: Address, batch: Batch], number>
  readonly llama_synchronize: Threaded<[context: Address], void>
  readonly llama_get_logits: (context: Address) => Address
}

/** Those of ggml-backend.h. */
export interface GgmlFunctions {
  readonly ggml_backend_load_all_from_path: (dir: string) => void
  readonly ggml_backend_dev_count: () => number
  readonly ggml_backend_dev_get: (index: number) => Address
  readonly ggml_backend_dev_type: (device: Address) => number
}

const A = 'uintptr_t'

/** @throws Error where the library lacks one of them */
export function llamaFunctions(library: LibraryHandle, structs: Structs): LlamaFunctions {
  const { modelParams, contextParams, batch } = structs
  const f = (name: string, result: string | TypeObject, args: (string | TypeObject)[]) =>
    library.func(name, result, args)
  const ids = 'const int32_t *'
  return {
    llama_backend_init: f('llama_backend_init', 'void', []),
    llama_log_set: f('llama_log_set', 'void', ['void *', A]),
    llama_model_default_params: f('llama_model_default_params', modelParams, []),
    llama_context_default_params: f('llama_context_default_params', contextParams, []),
    llama_model_load_from_file: f('llama_model_load_from_file', A, ['const char *', modelParams]),
    llama_model_free: f('llama_model_free', 'void', [A]),
    llama_model_get_vocab: f('llama_model_get_vocab', A, [A]),
    llama_model_n_ctx_train: f('llama_model_n_ctx_train', 'int32_t', [A]),
    llama_model_n_swa: f('llama_model_n_swa', 'int32_t', [A]),
    llama_model_size: f('llama_model_size', 'uint64_t', [A]),
    llama_model_is_recurrent: f('llama_model_is_recurrent', 'bool', [A]),
    llama_model_is_hybrid: f('llama_model_is_hybrid', 'bool', [A]),
    llama_model_has_encoder: f('llama_model_has_encoder', 'bool', [A]),
    llama_model_meta_val_str: f('llama_model_meta_val_str', 'int32_t', [A, 'const char *', 'uint8_t *', 'size_t']),
    llama_vocab_type: f('llama_vocab_type', 'int32_t', [A]),
    llama_vocab_n_tokens: f('llama_vocab_n_tokens', 'int32_t', [A]),
    llama_vocab_bos: f('llama_vocab_bos', 'int32_t', [A]),
    llama_vocab_eos: f('llama_vocab_eos', 'int32_t', [A]),
    llama_vocab_eot: f('llama_vocab_eot', 'int32_t', [A]),
    llama_vocab_get_add_bos: f('llama_vocab_get_add_bos', 'bool', [A]),
    llama_vocab_is_eog: f('llama_vocab_is_eog', 'bool', [A, 'int32_t']),
    llama_tokenize: f('llama_tokenize', 'int32_t', [
      A,
      'const uint8_t *',
      'int32_t',
      'int32_t *',
      'int32_t',
      'bool',
      'bool',
    ]),
    llama_detokenize: f('llama_detokenize', 'int32_t', [A, ids, 'int32_t', 'uint8_t *', 'int32_t', 'bool', 'bool']),
    llama_init_from_model: f('llama_init_from_model', A, [A, contextParams]),
    llama_free: f('llama_free', 'void', [A]),
    llama_get_memory: f('llama_get_memory', A, [A]),
    llama_memory_seq_rm: f('llama_memory_seq_rm', 'bool', [A, 'int32_t', 'int32_t', 'int32_t']),
    llama_batch_init: f('llama_batch_init', batch, ['int32_t', 'int32_t', 'int32_t']),
    llama_batch_free: f('llama_batch_free', 'void', [batch]),
    llama_decode: f('llama_decode', 'int32_t', [A, batch]),
    llama_synchronize: f('llama_synchronize', 'void', [A]),
    llama_get_logits: f('llama_get_logits', A, [A]),
  }
}

/** @throws Error where the library lacks one of them */
export function ggmlFunctions(library: LibraryHandle): GgmlFunctions {
  return {
    ggml_backend_load_all_from_path: library.func('ggml_backend_load_all_from_path', 'void', ['const char *']),
    ggml_backend_dev_count: library.func('ggml_backend_dev_count', 'size_t', []),
    ggml_backend_dev_get: library.func('ggml_backend_dev_get', A, ['size_t']),
    ggml_backend_dev_type: library.func('ggml_backend_dev_type', 'int32_t', [A]),
  }
}
