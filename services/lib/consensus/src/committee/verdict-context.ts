import type { CommitteeMember } from './committee.ts'

/** What CHECKVERDICT has to know of the chain that the transaction's block builds on (protocol: OP_CHECKVERDICT). */
export interface VerdictContext {
  /** Height of the block that holds the transaction; tip + 1 for the mempool. */
  readonly height: number
  /** V, blocks. */
  readonly verdictLife: number
  /** Hash of the block at H on that chain; null where there is none. */
  blockHash(height: number): Uint8Array | null
  /** The committee of (H, jobId, nodeKey) on that chain; empty where there is none. */
  committee(height: number, jobId: Uint8Array, nodeKey: Uint8Array): readonly CommitteeMember[]
}
