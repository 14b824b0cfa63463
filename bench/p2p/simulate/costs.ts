/** Milliseconds that a node spends, as measured on one core of the two that the benchmarks run on. */
export interface Costs {
  /** From a compact block to the whole one, its work and merkle root checked: then it is passed on. */
  readonly fillMs: number
  /** From the whole block to the new tip: then it is told by headers. */
  readonly connectMs: number
  /** To judge a header that was told. */
  readonly headerMs: number
  /** To judge a transaction. */
  readonly transactionMs: number
}

/** Announcements of a tip wait so long for further blocks, as the gateway has it. */
export const GATHER_MS = 20
/** Inventory leaves a node at most so often, as the gateway has it. */
export const BATCH_MS = 100
/** Peers of a node that announce by compact blocks, as the gateway has it. */
export const MAX_EAGER = 3
