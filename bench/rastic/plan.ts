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
