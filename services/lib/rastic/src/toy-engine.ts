import type { Job } from '@camelid/codec'
import { requestCandidates } from './candidates.ts'
import type { Engine, EvaluateRequest } from './engine.ts'
import { ruleOf } from './rule.ts'
import { selectToken } from './select-token.ts'
import { answer, settle } from './testing.ts'

const VOCABULARY = 48
/** Ends the output. */
export const TOY_END = 0
/** Logits lie within ± this. */
const SPREAD = 4
/** Of the end below the other tokens, so that outputs have some length. */
const END_PENALTY = 3

export interface ToyModel {
  /** Models of different numbers agree on nothing. */
  readonly weights: number
  /** Logits of one prefill differ from those token by token by less than this: noise of the arithmetic. */
  readonly noise?: number
}

/**
 * A model small enough to be all of its own code: logits are a hash of the two tokens before. For what must hold of any
 * model and over many outputs; real ones are run in lib/engine's tests.
 */
export function toyEngine({ weights, noise = 0 }: ToyModel): Engine {
  const logitsAfter = (before: readonly number[], shake: number): number[] =>
    Array.from({ length: VOCABULARY }, (_, id) => {
      const exact = SPREAD * (2 * hash(weights, before.at(-1) ?? -1, before.at(-2) ?? -1, id) - 1)
      return exact - (id === TOY_END ? END_PENALTY : 0) + shake * (2 * hash(before.length, id, weights) - 1)
    })
  let now = 0
  return {
    model: {
      sha256: '00'.repeat(32),
      name: 'toy',
      vocabularySize: VOCABULARY,
      contextSize: 4096,
      endOfGeneration: (id) => id === TOY_END,
    },
    engine: 'toy 1',
    backend: 'toy',
    tokenize: (input, prefix) => [
      1,
      ...input.flatMap(({ text }) => [...Buffer.from(text)].map((b) => 1 + (b % 40))),
      ...prefix,
    ],
    detokenize: (_, ids) => Uint8Array.from(ids),
    generate({ job, jobId }) {
      const input = this.tokenize(job.input, job.prefix)
      const tokenIds = generate(job, jobId, input, (before) => logitsAfter(before, 0))
      const text = this.detokenize(job.prefix, tokenIds)
      return Promise.resolve({ tokenIds, text, inputTokens: input.length, prefillUs: 0, generateUs: 0 })
    },
    evaluate: ({ tokens, wanted, oneByOneFrom = tokens.length }: EvaluateRequest) =>
      Promise.resolve(
        wanted.map(({ after, request, prepare, judge }) => {
          prepare?.()
          const logits = logitsAfter(tokens.slice(0, after + 1), after < oneByOneFrom ? noise : 0)
          let last = answer(logits, request)
          for (let next = judge?.(last); next !== undefined; next = judge?.(last)) last = answer(logits, next)
          return last
        }),
      ),
    nowUs: () => now++,
    dispose: () => Promise.resolve(),
  }
}

function generate(
  job: Job,
  jobId: Uint8Array,
  input: readonly number[],
  logitsAfter: (before: readonly number[]) => number[],
): number[] {
  const rule = ruleOf(job, jobId)
  const tokens = [...input]
  for (;;) {
    const position = tokens.length
    const choose = (candidates: ReturnType<typeof answer>) => selectToken(candidates, rule, position)
    const { token } = settle(logitsAfter(tokens), requestCandidates(rule, VOCABULARY), choose).found
    tokens.push(token)
    if (token === TOY_END || tokens.length - input.length === job.maxTokens) return tokens.slice(input.length)
  }
}

/** Integers to a number in [0, 1): FNV-1a with a final mix. */
function hash(...values: readonly number[]): number {
  let state = 0x811c9dc5
  for (const value of values) state = Math.imul(state ^ (value + 7), 0x01000193) ^ (state >>> 15)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32
}
