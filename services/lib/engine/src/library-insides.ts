import type { LlamaContext, LlamaContextSequence } from 'node-llama-cpp'

/**
 * node-llama-cpp looks at a batch's outputs one after another, each with a wait of its own, and at each once only: a third of
 * what a check would cost. The functions behind it can do better. They are used in the release that they were read in alone.
 */
const KNOWN_RELEASE = '3.22.1'

/** What to hand out: these ids, the one that the sampler chooses, and so many with the highest logits. */
export interface LogitFilter {
  readonly ids: readonly number[]
  readonly chosen: boolean
  readonly top: number
}

/** Orders logits before some are handed out; for one output at a time. */
export interface NativeSampler {
  applyConfig(config: { temperature: number; topK?: number; topP?: number; minP?: number; seed?: number }): void
  dispose(): void
}

interface ContextInsides {
  readonly _ctx: {
    sampleToken(
      batchIndex: number,
      sampler: NativeSampler,
      probabilities: boolean,
      confidence: boolean,
      filter: [ids: readonly number[], highest: boolean, lowest: boolean, selected: boolean, top: number],
    ): Promise<readonly [token: number, probabilities: unknown, confidence: unknown, logits: unknown]>
  }
  readonly model: {
    readonly _model: object
    readonly _llama: { readonly _bindings: { readonly AddonSampler: new (model: object) => NativeSampler } }
  }
}

interface SequenceInsides {
  readonly _tokenMeter: object
  readonly _contextShift: object
  _decodeTokens(
    tokens: readonly number[],
    outputs: readonly boolean[],
    priority: number,
    tokenMeter: object,
    contextShift: object,
    onOutput: (batchIndex: number, tokenIndex: number) => void,
    afterBatch: () => Promise<void>,
  ): Promise<unknown>
}

/** The library's default. */
const PRIORITY = 5

/** Whether a context of this release can be used with the functions below. */
export function hasKnownInsides(release: string, context: LlamaContext): context is LlamaContext & ContextInsides {
  return (
    release === KNOWN_RELEASE &&
    typeof inside(context, '_ctx', 'sampleToken') === 'function' &&
    typeof inside(context, 'model', '_model') === 'object' &&
    typeof inside(context, 'model', '_llama', '_bindings', 'AddonSampler') === 'function'
  )
}

export function newSampler({ model }: ContextInsides): NativeSampler {
  return new model._llama._bindings.AddonSampler(model._model)
}

/** Id, logit, id, logit, … of one output of the batch that was decoded last. */
export async function logitsOf(
  { _ctx }: ContextInsides,
  batchIndex: number,
  sampler: NativeSampler,
  { ids, chosen, top }: LogitFilter,
): Promise<readonly number[]> {
  const [, , , logits] = await _ctx.sampleToken(batchIndex, sampler, false, false, [ids, false, false, chosen, top])
  if (!isNumbers(logits)) throw new Error('no logits')
  return logits
}

/**
 * Reads tokens into a sequence. `onOutput` hears of each token whose output was asked for, by its index in the batch and among the
 * tokens. The outputs stay until what `afterBatch` then returned resolves, which must never reject.
 */
export async function decodeTokens(
  sequence: LlamaContextSequence,
  tokens: readonly number[],
  outputs: readonly boolean[],
  { onOutput, afterBatch }: { onOutput: (batchIndex: number, token: number) => void; afterBatch: () => Promise<void> },
): Promise<void> {
  if (!isKnownSequence(sequence)) throw new Error('not a sequence as node-llama-cpp had them')
  const { _tokenMeter: meter, _contextShift: shift } = sequence
  await sequence._decodeTokens(tokens, outputs, PRIORITY, meter, shift, onOutput, afterBatch)
}

function isKnownSequence(sequence: object): sequence is SequenceInsides {
  return (
    typeof inside(sequence, '_decodeTokens') === 'function' &&
    typeof inside(sequence, '_tokenMeter') === 'object' &&
    typeof inside(sequence, '_contextShift') === 'object'
  )
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length % 2 === 0 && typeof value[0] === 'number'
}

function inside(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at: unknown, name) => (at instanceof Object ? Reflect.get(at, name) : undefined), value)
}
