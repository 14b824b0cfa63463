/** What a run measures; every number of the results follows from these and the model files. */
export interface Plan {
  /** Jobs of each attack at each temperature. */
  readonly jobs: number
  /** Honest jobs in each regime at each temperature. */
  readonly honestJobs: number
  readonly maxTokens: number
  /** Thousandths, as jobs state them. */
  readonly temperatures: readonly number[]
  /** Numbers of checked tokens at which detection is stated, rising. */
  readonly checkpoints: readonly number[]
  /** Samples of tokens drawn for each point of a curve. */
  readonly draws: number
  /** Times that jobs are drawn anew for the confidence interval of an area. */
  readonly replicates: number
}

export const FULL: Plan = {
  jobs: 60,
  honestJobs: 500,
  maxTokens: 160,
  temperatures: [0, 800, 1200],
  checkpoints: [3, 10, 21, 39, 60, 100, 142, 200, 300, 500, 860, 1500, 3000],
  draws: 400,
  replicates: 60,
}

/** Enough that a loss of detection or a false alarm is seen, in a few minutes. */
export const SHORT: Plan = {
  ...FULL,
  jobs: 6,
  honestJobs: 20,
  temperatures: [0, 800],
  checkpoints: FULL.checkpoints.filter((count) => count <= 860),
  draws: 200,
  replicates: 10,
}

export const PROMPTS: readonly string[] = [
  'Once upon a time',
  'Tell me a story about a fox.\n',
  'One day, a little llama named',
  'Write a short story about a girl and a race.\n',
  'Lily was a brave girl with',
  'There once was a shy owl named',
  'Tell me a story about a camel who lost a red ball.\n',
  'One evening, a clever mouse named',
  'It is winter.',
  'My name is Rosa and I',
  'In the morning the sun',
  'Q: How are completions checked?\nA:',
  'Q: What is the capital of France?\nA:',
  'The opposite of hot is',
]
