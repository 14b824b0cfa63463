import { type CandidateRequest, type Candidates, toCandidates, type Wanted } from '@camelid/rastic'
import type { ControlledEvaluateInputItem, LlamaContextSequence } from 'node-llama-cpp'
import { EngineError } from './errors.ts'
import { MAX_ROUNDS, neverSettled, type TokenReader } from './token-reader.ts'
import { toToken } from './tokens.ts'

/** By what node-llama-cpp documents: what a first answer leaves open takes another run from there on. */
export class PlainReader implements TokenReader {
  readonly #vocabularySize: number

  constructor(vocabularySize: number) {
    this.#vocabularySize = vocabularySize
  }

  async read(sequence: LlamaContextSequence, tokens: readonly number[], wanted: readonly Wanted[]) {
    const start = sequence.nextTokenIndex
    const answers = new Map<Wanted, Candidates>()
    let open = wanted.map((one) => ({ one, request: one.request }))
    for (let round = 0, from = 0; round < MAX_ROUNDS; round++) {
      const requests = new Map(open.map(({ one, request }) => [one.after, request]))
      const given = await this.#evaluate(sequence, tokens, from, requests)
      open = open.flatMap(({ one, request }, i) => {
        const answer = toAnswer(given[i], request, this.#vocabularySize)
        answers.set(one, answer)
        const next = one.judge?.(answer)
        return next === undefined ? [] : [{ one, request: next }]
      })
      const [first] = open
      if (first === undefined) return wanted.flatMap((one) => answers.get(one) ?? [])
      from = first.one.after
      await sequence.eraseContextTokenRanges([{ start: start + from, end: start + tokens.length }])
    }
    throw neverSettled()
  }

  [Symbol.dispose](): void {}

  /** In order of the tokens. */
  async #evaluate(
    sequence: LlamaContextSequence,
    tokens: readonly number[],
    from: number,
    requests: ReadonlyMap<number, CandidateRequest>,
  ) {
    const options = optionsFor(this.#vocabularySize)
    const items = tokens.slice(from).map((id, i): ControlledEvaluateInputItem => {
      const request = requests.get(from + i)
      return request === undefined ? toToken(id) : [toToken(id), { generateNext: options(request) }]
    })
    const outputs = await sequence.controlledEvaluate(items).catch((cause: unknown) => {
      throw new EngineError('ENGINE_FAILED', 'llama.cpp failed to evaluate tokens', { cause })
    })
    // Only indices of items with a request hold an output.
    return outputs.flatMap((output) => output?.next.logits ?? [])
  }
}

/**
 * The library hands out logits as its sampler leaves them, so the sampler may do nothing to them: at temperature 0 it is greedy and
 * touches none, at temperature 1 it divides by one. The latter ranks by its top-k, and drops what is beyond.
 */
function optionsFor(vocabularySize: number) {
  const known = new Map<CandidateRequest, ReturnType<typeof make>>()
  const make = ({ top, tokens }: CandidateRequest) => {
    const ids = tokens.map(toToken)
    if (top === 1) return { options: { temperature: 0 }, logits: { filter: { tokens: ids, includeSelected: true } } }
    const topK = tokens.length === 0 ? top : vocabularySize
    const options = { temperature: 1, topK, topP: 1, minP: 0, seed: 1 }
    return { options, logits: { filter: { tokens: ids, includeTop: top } } }
  }
  return (request: CandidateRequest) => {
    const made = known.get(request) ?? make(request)
    known.set(request, made)
    return made
  }
}

function toAnswer(
  logits: ReadonlyMap<number, number> | undefined,
  request: CandidateRequest,
  vocabularySize: number,
): Candidates {
  if (logits === undefined) throw new EngineError('ENGINE_FAILED', 'llama.cpp gave no logits')
  return toCandidates({ ids: [...logits.keys()], logits: [...logits.values()] }, request.top, vocabularySize)
}
