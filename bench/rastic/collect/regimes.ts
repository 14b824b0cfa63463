/** A way in which an honest node may run the model, or an honest verifier check. */
export interface Regime {
  readonly name: string
  /** Of the plan's honest jobs. */
  readonly share: number
  /** Outputs written at a time, each in a sequence of its own, of a context that has no more: which are computed together decides the last bits. */
  readonly batch: 1 | 4 | 8
  readonly threads: 1 | 2
  readonly flashAttention: boolean
  readonly cacheType: 'F16' | 'Q8_0'
  /** Checked as shipped, in one prefill; or token by token, as it was written; or in one prefill with flash attention. */
  readonly check: 'prefill' | 'one by one' | 'flash attention'
}

const PLAIN = { batch: 8, threads: 1, flashAttention: false, cacheType: 'F16', check: 'prefill' } as const

export const ALONE = 'honest, alone'
/** Its logits differ by more than noise: no proof in any one job must come of it, but the sequential test may see it. */
export const QUANTISED_CACHE = 'honest, KV cache in Q8_0'

/** Decoding is compared with prefill in all but one of them. Two threads make tiny models slow, ten times where cores are busy, so few jobs run on them. */
export const REGIMES: readonly Regime[] = [
  { ...PLAIN, name: ALONE, share: 0.1, batch: 1 },
  { ...PLAIN, name: 'honest, 4 in a batch', share: 0.2, batch: 4 },
  { ...PLAIN, name: 'honest, 8 in a batch', share: 0.38 },
  { ...PLAIN, name: 'honest, 2 threads', share: 0.008, batch: 1, threads: 2 },
  { ...PLAIN, name: 'honest, flash attention', share: 0.12, flashAttention: true },
  { ...PLAIN, name: 'honest, checked with flash attention', share: 0.05, check: 'flash attention' },
  { ...PLAIN, name: 'honest, checked token by token', share: 0.04, check: 'one by one' },
  { ...PLAIN, name: QUANTISED_CACHE, share: 0.1, flashAttention: true, cacheType: 'Q8_0' },
]
