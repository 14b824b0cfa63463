/** How far a long task is. */
export interface Progress {
  /** What it does now, in a word or two. */
  readonly stage: string
  readonly done: number
  /** Unset where it is not known. */
  readonly total?: number
}

export type Report = (progress: Progress) => void
