import { CodedError } from '@camelid/errors'

/**
 * - BAD_REGISTRY: models.json or a profile file cannot be used.
 * - UNKNOWN_MODEL: the registry has no model of this name.
 * - MODEL_NOT_FOUND: the model's file is not there.
 * - MODEL_BROKEN: the file is no GGUF, cut short, or llama.cpp cannot load it.
 * - MODEL_HASH_MISMATCH: the file is not the one that the registry names.
 * - EMPTY_PROMPT, NO_TOKENS_ASKED, PROMPT_TOO_LONG, BAD_TOKEN_ID: a job that no engine with this model can run.
 * - ENGINE_BUSY: more calls wait for a sequence than the engine lets wait.
 * - ENGINE_CLOSED: the engine was disposed.
 * - ENGINE_FAILED: llama.cpp failed in the middle of a run.
 */
export type EngineErrorCode =
  | 'BAD_REGISTRY'
  | 'UNKNOWN_MODEL'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_BROKEN'
  | 'MODEL_HASH_MISMATCH'
  | 'EMPTY_PROMPT'
  | 'NO_TOKENS_ASKED'
  | 'PROMPT_TOO_LONG'
  | 'BAD_TOKEN_ID'
  | 'ENGINE_BUSY'
  | 'ENGINE_CLOSED'
  | 'ENGINE_FAILED'

export class EngineError extends CodedError<EngineErrorCode> {}
