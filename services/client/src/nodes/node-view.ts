import { encodeAddress } from '@camelid/codec'
import { bytesToHex, hash160 } from '@camelid/crypto'
import type { NodeRow } from '../store/nodes.ts'
import { checkerScore, makerScore, rankOf } from './score.ts'

/** What GET /nodes tells of each node that we dealt with. */
export interface NodeView {
  readonly nodeKey: string
  readonly address: string
  readonly standing: string
  /** 0 to 1. */
  readonly score: number
  readonly jobs: {
    readonly valid: number
    readonly invalid: number
    readonly inconclusive: number
    readonly failed: number
  }
  /** Positions checked and missed since the last test passed, and what the test says. */
  readonly evidence: {
    readonly verdict: string
    readonly passed: number
    readonly positions: number
    readonly misses: number
  }
  /** As one that checks outputs of others. */
  readonly checks: {
    readonly standing: string
    readonly score: number
    readonly right: number
    readonly outvoted: number
    readonly disputed: number
    readonly silent: number
    readonly forged: number
  }
  /** Unix milliseconds. */
  readonly updatedMs: number
}

export function nodeView(node: NodeRow): NodeView {
  const { nodeKey, maker, valid, invalid, inconclusive, failed, right, outvoted, disputed, silent, forged } = node
  const score = makerScore(node)
  const checks = checkerScore(node)
  return {
    nodeKey: bytesToHex(nodeKey),
    address: encodeAddress(hash160(nodeKey)),
    standing: rankOf(score),
    score,
    jobs: { valid, invalid, inconclusive, failed },
    evidence: {
      verdict: maker.verdict,
      passed: maker.passed,
      positions: maker.evidence.positions,
      misses: maker.evidence.misses,
    },
    checks: { standing: rankOf(checks), score: checks, right, outvoted, disputed, silent, forged },
    updatedMs: node.updatedMs,
  }
}
