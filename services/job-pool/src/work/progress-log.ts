import { bytesToHex } from '@camelid/crypto'

/** Times kept for each node of a job: more are thinned out, which no lease can notice (progress comes at most 5 a second). */
const MAX_TIMES = 512
const MAX_NODES = 64

type NodeProgress = { tokens: number; times: number[] }

/** When progress of each node of each live job came: what leases are judged by. Lost at a restart, which costs one turn. */
export class ProgressLog {
  readonly #jobs = new Map<string, Map<string, NodeProgress>>()

  note(jobHex: string, nodeKey: Uint8Array, tokens: number, nowMs: number): void {
    const nodes = this.#jobs.get(jobHex) ?? new Map<string, NodeProgress>()
    this.#jobs.set(jobHex, nodes)
    const node = bytesToHex(nodeKey)
    const known = nodes.get(node) ?? { tokens: 0, times: [] }
    if (!nodes.has(node) && nodes.size >= MAX_NODES) return
    nodes.set(node, known)
    known.tokens = Math.max(known.tokens, tokens)
    known.times.push(nowMs)
    if (known.times.length > MAX_TIMES) known.times.splice(0, known.times.length - MAX_TIMES)
  }

  /** When progress of a node was last noted, Unix milliseconds; 0 for never. */
  lastMs(jobHex: string, nodeKey: Uint8Array): number {
    return this.#jobs.get(jobHex)?.get(bytesToHex(nodeKey))?.times.at(-1) ?? 0
  }

  /** By node key in hex. */
  times(jobHex: string): ReadonlyMap<string, readonly number[]> {
    const nodes = this.#jobs.get(jobHex) ?? new Map<string, NodeProgress>()
    return new Map([...nodes].map(([node, { times }]) => [node, times]))
  }

  /** The most tokens that any node said it had. */
  tokens(jobHex: string): number {
    const nodes = this.#jobs.get(jobHex)?.values() ?? []
    return Math.max(0, ...[...nodes].map((node) => node.tokens))
  }

  forget(jobHex: string): void {
    this.#jobs.delete(jobHex)
  }
}
