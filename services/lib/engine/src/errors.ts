import { CodedError } from '@camelid/errors'

/**
 * - BAD_REGISTRY: models.json or a profile file cannot be used.
 * - UNKNOWN_MODEL: the registry has no model of this name.
 * - MODEL_NOT_FOUND: the model's file is not there.
 * - MODEL_BROKEN: the file is no GGUF, cut short, or llama.cpp cannot load it.
 * - MODEL_HASH_MISMATCH: the file is not the one that the registry names.
 * - MODEL_TOO_LARGE: the model, or its context, does not fit the memory that models may take.
 * - GPU_NOT_USABLE: the kind of GPU that was asked for is not here.
 * - EMPTY_PROMPT, NO_TOKENS_ASKED, PROMPT_TOO_LONG, BAD_TOKEN_ID: a job that no engine with this model can run.
 * - PROFILE_EXISTS, PROFILE_NOT_WRITABLE: a measured noise profile has no place in the models directory.
 * - NOISE_TOO_WIDE: honest runs differ by more than the profile was to say.
 * - TOO_FEW_POSITIONS: a noise profile over so few is not one that jobs shall name.
 * - ENGINE_BUSY: more calls wait for a sequence than the engine lets wait.
 * - ENGINE_CLOSED: the engine was disposed.
 * - ENGINE_FAILED: llama.cpp failed in the middle of a run, or cannot make the context asked for.
 */
export type EngineErrorCode =
  | 'BAD_REGISTRY'
  | 'UNKNOWN_MODEL'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_BROKEN'
  | 'MODEL_HASH_MISMATCH'
  | 'MODEL_TOO_LARGE'
  | 'GPU_NOT_USABLE'
  | 'EMPTY_PROMPT'
  | 'NO_TOKENS_ASKED'
  | 'PROMPT_TOO_LONG'
  | 'BAD_TOKEN_ID'
  | 'PROFILE_EXISTS'
  | 'PROFILE_NOT_WRITABLE'
  | 'NOISE_TOO_WIDE'
  | 'TOO_FEW_POSITIONS'
  | 'ENGINE_BUSY'
  | 'ENGINE_CLOSED'
  | 'ENGINE_FAILED'

export class EngineError extends CodedError<EngineErrorCode> {}
