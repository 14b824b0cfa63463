/** What a run measures; every number of the results, times apart, follows from these and the model files. */
export interface Plan {
  /** Jobs of each attack at each temperature. */
  readonly jobs: number
  /** Of each cheat so like an honest node that one job does not show it. */
  readonly fineJobs: number
  /** Honest jobs at each temperature, over all regimes, about. */
  readonly honestJobs: number
  /** Of the jobs of each attack and honest regime, so many are also compared by what they report of their logits. */
  readonly reportingJobs: number
  readonly maxTokens: number
  /** Thousandths, as jobs state them. */
  readonly temperatures: readonly number[]
  /** Numbers of checked tokens at which detection is stated, rising. */
  readonly checkpoints: readonly number[]
  /** Samples of tokens drawn for each point of a curve. */
  readonly draws: number
  /** Times that jobs are drawn anew for the confidence interval of an area. */
  readonly replicates: number
  /** Nodes that the sequential test is run against, for each cheat. */
  readonly nodes: number
  /** Outputs of each length and vocabulary for the cost of a check; 0 leaves it out. */
  readonly costRepeats: number
}

export const FULL: Plan = {
  jobs: 40,
  fineJobs: 120,
  honestJobs: 1200,
  reportingJobs: 20,
  maxTokens: 160,
  temperatures: [0, 800, 1200],
  checkpoints: [
    3, 5, 7, 10, 14, 21, 30, 39, 50, 60, 80, 100, 120, 142, 170, 200, 250, 300, 400, 500, 700, 860, 1200, 1700, 2400,
    3400, 5000, 7000, 10_000,
  ],
  draws: 400,
  replicates: 60,
  nodes: 200,
  costRepeats: 3,
}

/** Enough that a loss of detection or a false alarm is seen, in a minute or two. */
export const SHORT: Plan = {
  ...FULL,
  jobs: 8,
  fineJobs: 24,
  honestJobs: 100,
  reportingJobs: 0,
  temperatures: [0, 800],
  checkpoints: FULL.checkpoints.filter((count) => count <= 1700),
  replicates: 10,
  nodes: 40,
  costRepeats: 0,
}

/** What is sold by default; of what cheats differ by from another model, nothing is known before. */
export const SHIPPED = 'camelid-tiny-F16'

/** Attacks whose model does not come with the project and takes a training to make (models/README.md): a short run may leave them out. */
export const NEED_TRAINING = ['Q8_0 for F16']

/** The cheat that no one sample shows: its outputs are mostly F's own. */
export const BY_SEQUENCE = 'Q8_0'

/** Of the outputs asked for, a share that must differ from F's own by their token ids: some jobs end too soon for a cheat. */
const SHARE_THAT_DIFFERS = 0.3
const SHARE_BY_SEQUENCE = 0.1

export function fewestThatDiffer(
  plan: Plan,
  { name, isFine }: { readonly name: string; readonly isFine?: boolean },
): number {
  const share = name.startsWith(BY_SEQUENCE) ? SHARE_BY_SEQUENCE : SHARE_THAT_DIFFERS
  return Math.ceil(share * (isFine === true ? plan.fineJobs : plan.jobs))
}

/** Of nodes that sell nothing but outputs of another quantisation, so many must be found by the sequential test of a full run. */
export const FOUND_BY_SEQUENCE = 0.95

type ByTemperature = Readonly<Record<number, number>>

/** By what the sibling differs from the shipped model at each temperature (8 %, 20 %, 35 % and more). */
const SIBLING: ByTemperature = { 0: 142, 800: 39, 1200: 21 }

/**
 * Tokens in which 99 % must be seen whatever a run measures, so that a verifier that sees less misses its target instead of
 * moving it: from what is needed against a disagreement of 35, 20, 8 and 2.3 % (rastic: What it is worth), and for little
 * differences of temperature Token-DiFR's 300.
 */
const SEEN_IN: Readonly<Record<string, ByTemperature>> = {
  'smaller sibling': SIBLING,
  "sibling's draft, ends repaired": SIBLING,
  'Q4_0 for F16': { 0: 860, 800: 860, 1200: 860 },
  'wrong seed': { 800: 142, 1200: 142 },
  'wrong temperature': { 0: 300, 800: 300, 1200: 142 },
}

/** Undefined for attacks that each job must show, and those that only the sequential test does. */
export function floorOf(name: string, temperatureMilli: number): number | undefined {
  return SEEN_IN[name]?.[temperatureMilli]
}
