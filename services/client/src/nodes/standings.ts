import { randomInt } from 'node:crypto'
import { isCoded } from '@camelid/errors'
import {
  type CheatModel,
  type CheckVerdict,
  cheatModel,
  type Evidence,
  FINE_QUANTISATION,
  NEW_STANDING,
  type Profile,
  STANDING_RATES,
  updateStanding,
  type Votes,
  weighAnswers,
} from '@camelid/rastic'
import { type NodeRow, nodeStore } from '../store/nodes.ts'
import type { Store } from '../store/open.ts'
import { chooseNode } from './score.ts'

/** What we know of nodes, kept over restarts (rastic: The check, "Evidence across jobs"). It lowers a standing and never slashes. */
export class Standings {
  readonly #nodes: ReturnType<typeof nodeStore>
  readonly #nowMs: () => number

  constructor({ store, nowMs }: { store: Store; nowMs: () => number }) {
    this.#nodes = nodeStore(store)
    this.#nowMs = nowMs
  }

  all(): NodeRow[] {
    return this.#nodes.all()
  }

  get(nodeKey: Uint8Array): NodeRow {
    return this.#nodes.get(nodeKey) ?? newNode(nodeKey)
  }

  /** The node to name first in a job; undefined to leave it to the lot. */
  preferred(): Uint8Array | undefined {
    return chooseNode(this.all(), randomInt)
  }

  /** An output of the node was checked. Call it in the transaction that keeps the report. */
  noteCheck(nodeKey: Uint8Array, verdict: CheckVerdict, evidence: Evidence): void {
    const node = this.get(nodeKey)
    const counted = countedAs[verdict]
    this.#put({ ...node, [counted]: node[counted] + 1, maker: updated(node.maker, evidence) })
  }

  /** It was paid and did not deliver, or not what it had committed to. */
  noteFailure(nodeKey: Uint8Array): void {
    const node = this.get(nodeKey)
    this.#put({ ...node, failed: node.failed + 1 })
  }

  /** It answered questions about an output of another node. */
  noteVotes(nodeKey: Uint8Array, votes: Votes, profile: Profile): void {
    const node = this.get(nodeKey)
    const model = modelOf(profile)
    const { right, outvoted, disputed, silent, forged } = votes
    const checker =
      model === undefined || right + outvoted === 0
        ? node.checker
        : updated(node.checker, weighAnswers(model, { matches: right, misses: outvoted }))
    this.#put({
      ...node,
      checker,
      right: node.right + right,
      outvoted: node.outvoted + outvoted,
      disputed: node.disputed + disputed,
      silent: node.silent + silent,
      forged: node.forged + forged,
    })
  }

  #put(row: NodeRow): void {
    this.#nodes.put({ ...row, updatedMs: this.#nowMs() })
  }
}

const countedAs = { VALID: 'valid', INVALID: 'invalid', INCONCLUSIVE: 'inconclusive' } as const

/** What evidence is weighed by; undefined where the profile is too coarse to tell any cheat of ours from noise. */
export function modelOf(profile: Profile): CheatModel | undefined {
  const coarse = {
    disagreement: profile.designDisagreement,
    marginScale: Math.max(profile.tailScale, FINE_QUANTISATION.marginScale),
  }
  for (const cheat of [FINE_QUANTISATION, coarse]) {
    try {
      return cheatModel(profile, cheat)
    } catch (error) {
      if (!isCoded(error)) throw error
    }
  }
  return undefined
}

function updated(standing: NodeRow['maker'], evidence: Evidence): NodeRow['maker'] {
  return evidence.positions === 0 ? standing : updateStanding(standing, evidence, STANDING_RATES)
}

function newNode(nodeKey: Uint8Array): NodeRow {
  const counts = { valid: 0, invalid: 0, inconclusive: 0, failed: 0 }
  const answers = { right: 0, outvoted: 0, disputed: 0, silent: 0, forged: 0 }
  return { nodeKey, maker: NEW_STANDING, ...counts, checker: NEW_STANDING, ...answers, updatedMs: 0 }
}
