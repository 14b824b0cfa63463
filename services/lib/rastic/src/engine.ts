import type { Job } from '@camelid/codec'
import type { CandidateRequest, Candidates } from './candidates.ts'

export interface EngineModel {
  /** SHA-256 of the GGUF file, hex. */
  readonly sha256: string
  readonly name: string
  readonly vocabularySize: number
  /** Tokens of input and output together that one job may have. */
  readonly contextSize: number
  /** Whether generation stops at this token. */
  endOfGeneration(id: number): boolean
}

export interface GenerateRequest {
  readonly job: Job
  readonly jobId: Uint8Array
  readonly signal: AbortSignal
  /** Called after each token with the number of tokens so far. */
  readonly onToken?: (count: number) => void
}

export interface Generated {
  readonly tokenIds: readonly number[]
  /** Detokenised bytes, see `Engine.detokenize`. */
  readonly text: Uint8Array
  /** Tokens of segments and prefix. */
  readonly inputTokens: number
  /** Of them, those that the cache of an earlier job still held. */
  readonly heldTokens?: number
  /** Until the first token was chosen, microseconds. */
  readonly prefillUs: number
  /** From the first token to the last, microseconds. */
  readonly generateUs: number
}

/** What is wanted after `tokens[after]`: the token judged by it has index `after + 1` in R. */
export interface Wanted {
  readonly after: number
  readonly request: CandidateRequest
  /** Work ahead of `judge`, for a time in which the model is computing anyway; an engine need not call it. */
  readonly prepare?: () => void
  /** Told each answer; what it returns is asked next at the same place, with all that was listed before. Done at undefined. */
  readonly judge?: (answer: Candidates) => CandidateRequest | undefined
}

export interface EvaluateRequest {
  /** R up to the last token that is to be read. */
  readonly tokens: readonly number[]
  /** By rising `after`, none twice. */
  readonly wanted: readonly Wanted[]
  /** Tokens from this index on are evaluated one by one, as a generator does; all in one prefill where it is left out. */
  readonly oneByOneFrom?: number
  readonly signal: AbortSignal
}

/** A model that can be run: what rastic needs of the world. Implemented by @camelid/engine over llama.cpp. */
export interface Engine {
  readonly model: EngineModel
  /** Name and version, as commitments state it and noise profiles name it. */
  readonly engine: string
  /** Backend class, such as "cpu x64". */
  readonly backend: string
  /** Input tokens of a job: BOS as the model asks, the segments in order, then the prefix ids (protocol: Job). */
  tokenize(input: Job['input'], prefix: readonly number[]): number[]
  /** The detokeniser's bytes of prefix ‖ ids after those of prefix (protocol: Job). */
  detokenize(prefixIds: readonly number[], ids: readonly number[]): Uint8Array
  generate(request: GenerateRequest): Promise<Generated>
  /** The last candidates for each of `wanted`, in order. @throws what `judge` does */
  evaluate(request: EvaluateRequest): Promise<Candidates[]>
  /** A steady clock, microseconds. */
  nowUs(): number
  dispose(): Promise<void>
}
