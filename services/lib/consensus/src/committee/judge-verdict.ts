import { verify } from '@camelid/crypto'
import { quorum } from './quorum.ts'
import type { VerdictContext } from './verdict-context.ts'
import { type Verdict, verdictStatementHash } from './verdict-statement.ts'

/** Why well-formed attestations release nothing (protocol: OP_CHECKVERDICT). */
export type VerdictRefusal =
  | 'HEIGHT_NOT_REACHED'
  | 'VERDICT_EXPIRED'
  | 'NO_COMMITTEE'
  | 'NO_QUORUM'
  | 'NOT_A_MEMBER'
  | 'BAD_ATTESTATION'

export interface Attestation {
  readonly memberIndex: number
  /** 64 bytes, low-S. */
  readonly signature: Uint8Array
}

/**
 * Whether the committee of (H, jobId, nodeKey) says `verdict` of this testament: null, or why not. Attestations come with ascending
 * indices; exactly the quorum is wanted, so that nobody can grow or shrink the transaction.
 */
export function judgeVerdict(
  claim: {
    readonly jobId: Uint8Array
    readonly nodeKey: Uint8Array
    readonly verdict: Verdict
    readonly height: number
    readonly sighash: Uint8Array
    readonly attestations: readonly Attestation[]
  },
  context: VerdictContext,
): VerdictRefusal | null {
  const { jobId, nodeKey, verdict, height, sighash, attestations } = claim
  if (context.height <= height) return 'HEIGHT_NOT_REACHED'
  if (context.height > height + context.verdictLife) return 'VERDICT_EXPIRED'
  const blockHash = context.blockHash(height)
  const members = blockHash === null ? [] : context.committee(height, jobId, nodeKey)
  const wanted = quorum(members.length)
  if (blockHash === null || wanted === null) return 'NO_COMMITTEE'
  if (attestations.length !== wanted) return 'NO_QUORUM'
  const digest = verdictStatementHash({ jobId, verdict, height, blockHash, sighash })
  for (const { memberIndex, signature } of attestations) {
    const member = members.find((candidate) => candidate.memberIndex === memberIndex)
    if (member === undefined) return 'NOT_A_MEMBER'
    if (!verify(signature, digest, member.nodeKey)) return 'BAD_ATTESTATION'
  }
  return null
}
