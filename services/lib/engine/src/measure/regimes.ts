import type { EngineOptions } from '../open-engine.ts'

/** How an engine is opened for a measurement. */
export type EngineSetting = Pick<EngineOptions, 'sequences' | 'threads' | 'gpu' | 'flashAttention' | 'cacheType'>

/** One way in which a writer differs from the verifier of its outputs. */
export interface Regime {
  readonly name: string
  readonly writer: EngineSetting
  readonly verifier: EngineSetting
  /** Jobs written at a time: what is in a batch changes the order of its sums. */
  readonly batch: number
  /** Of all jobs that are measured. */
  readonly share: number
  /** Whether a node that writes so is honest by this profile; else it is measured for people to know. */
  readonly isCovered: boolean
}

/** As verifiers run: one thread, a few checks at a time. */
export const VERIFIER: EngineSetting = { sequences: 4, threads: 1 }

const ONE_THREAD: readonly Regime[] = [
  regime('alone', {}, 1),
  regime('4 in a batch', {}, 4),
  regime('8 in a batch of 8 sequences', { sequences: 8 }, 8),
  regime('one sequence', { sequences: 1 }, 1),
]

/** Of the jobs, with more than one thread: they make small models slow, the more so on a busy machine. */
const THREADED_SHARE = 1 / 25
/** Of the jobs, in regimes that the profile does not cover. Neither number goes into the six rules of a prompt: all have their turn. */
const TOLD_SHARE = 1 / 5

const NOT_COVERED: readonly Regime[] = [
  toldOnly(regime('flash attention', { flashAttention: true }, 1)),
  toldOnly(regime('flash attention and a key-value cache in Q8_0', { flashAttention: true, cacheType: 'Q8_0' }, 1)),
]

/**
 * @param threads of the regime with more than one; 1 leaves it out
 * @param gpu where one is to be measured too
 */
export function regimesOf({ threads, gpu }: Pick<EngineOptions, 'threads' | 'gpu'>): Regime[] {
  const threaded = { ...regime(`${threads} threads`, { threads }, 1), share: THREADED_SHARE }
  const regimes = [...ONE_THREAD, ...(threads > 1 ? [threaded] : [])]
  if (gpu === undefined || gpu === false) return [...regimes, ...NOT_COVERED]
  const onGpu = { ...VERIFIER, gpu }
  return [
    ...regimes,
    regime('written on the GPU, checked on the CPU', { gpu }, 4),
    { ...regime('written on the CPU, checked on the GPU', {}, 4), verifier: onGpu },
    { ...regime('written and checked on the GPU', { gpu }, 4), verifier: onGpu },
    ...NOT_COVERED,
  ]
}

function regime(name: string, changed: Partial<EngineSetting>, batch: number): Regime {
  return { name, writer: { ...VERIFIER, ...changed }, verifier: VERIFIER, batch, share: 1, isCovered: true }
}

function toldOnly(measured: Regime): Regime {
  return { ...measured, share: TOLD_SHARE, isCovered: false }
}
