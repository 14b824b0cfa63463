import { cheatModel, FINE_QUANTISATION, honestProbabilityOf, type Profile, weighMargins } from '@camelid/rastic'
import type { Pool } from './pool.ts'

/** What a method makes of tokens checked so far: larger the more a cheat it looks. */
export interface Tally {
  add(token: number): void
  /** NaN where the method does not go so far. */
  score(): number
}

export interface Method {
  readonly name: string
  /** Whose it is, for the reader of the results. */
  readonly from: string
  /** Begins anew, for tokens of `pool`. */
  readonly tally: (pool: Pool) => () => Tally
}

export const EVIDENCE = 'RASTiC, evidence'
export const PROOF = 'RASTiC, proof'
export const WHITEPAPER = 'exact match at 3 positions'
export const REPORTS = 'top-5 logprob distance'

/** Of one margin, logit units: more says no more. About where a token is plainly another one. */
const CAP = 3
/** Of one output; the others check what is there. */
const WHITEPAPER_POSITIONS = 3
/** Proof is had from one output, and none of a job is longer here. */
const LONGEST_OUTPUT = 1000

/** Ours, and what the field has that fits this engine, written anew from the papers (rastic: The benchmark). */
export function methodsOf(profile: Profile): readonly Method[] {
  const model = cheatModel(profile, FINE_QUANTISATION)
  return [
    { name: PROOF, from: 'binomial tests at ten margins: what makes a verdict INVALID', tally: proofOf(profile) },
    {
      name: EVIDENCE,
      from: 'sum of log-likelihood ratios of capped margins: what the sequential test adds up',
      tally: sumOf(({ margins }) => margins.map((margin) => weighMargins(model, [margin]).weight)),
    },
    {
      name: WHITEPAPER,
      from: 'the whitepaper: of one output the first token, any one between and the last, and no more tokens however many are checked',
      tally: sumOf(({ margins }) => margins.map((margin) => (margin > 0 ? 1 : 0)), WHITEPAPER_POSITIONS),
    },
    {
      name: 'exact match everywhere',
      from: 'the whitepaper, at all positions',
      tally: sumOf(({ margins }) => margins.map((margin) => (margin > 0 ? 1 : 0))),
    },
    {
      name: 'mean capped margin',
      from: `Token-DiFR (Karvonen and others, 2025); the cap of ${CAP} logits is ours, not its authors'`,
      tally: sumOf(({ margins }) => margins.map((margin) => Math.min(margin, CAP))),
    },
    {
      name: REPORTS,
      from: "Gonka's validators; the node reports five logprobs a token, in good faith",
      tally: sumOf(({ distances }) => distances),
    },
  ]
}

/** A sum over the first `most` tokens; a mean puts draws of one length in the same order. */
function sumOf(valuesOf: (pool: Pool) => readonly number[], most = Number.POSITIVE_INFINITY): Method['tally'] {
  return (pool) => {
    const values = Float64Array.from(valuesOf(pool))
    return () => {
      let sum = 0
      let added = 0
      return {
        add(token) {
          if (added < most) sum += values[token] ?? 0
          added++
        },
        score: () => sum,
      }
    }
  }
}

function proofOf(profile: Profile): Method['tally'] {
  return ({ margins }) =>
    () => {
      const misses: number[] = []
      let added = 0
      return {
        add(token) {
          const margin = margins[token] ?? 0
          if (margin > profile.tau && added < LONGEST_OUTPUT) misses.push(margin)
          added++
        },
        score: () => (added > LONGEST_OUTPUT ? Number.NaN : -Math.log(honestProbabilityOf(added, misses, profile))),
      }
    }
}
