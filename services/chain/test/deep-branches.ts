import { readFileSync } from 'node:fs'
import type { Transaction } from '@camelid/codec'
import { Branch, params } from './branch.ts'
import { bondsOfNodes, FEE, slash } from './slashing.ts'

/** Of all blocks below, u32 little-endian each, in the order in which they are made: without them that is minutes of work. */
const NONCES = new URL('./deep-branches.nonces', import.meta.url)

/** Its committee judges, as far below as a verdict may name a block. */
export const NAMED = 11
export const DEADLINE = NAMED + params.verdictLife
/** The newest block that the committee's bonds are counted at. */
export const FORK = NAMED - params.bondAge

export interface DeepBranches {
  /** Up to the block before the last that may hold the verdict. */
  readonly first: Branch
  /** Of more work, and of another block at the height that the verdict names. */
  readonly second: Branch
  readonly verdict: Transaction
}

/** Two branches that part V + A blocks below the last block that may hold a verdict. The same at every run. */
export function deepBranches(nonceOf: () => number = recorded()): DeepBranches {
  const first = new Branch()
  const grow = (branch: Branch, to: number, tag: number) => {
    while (branch.tip.height < to) branch.add([], { tag, time: timeAfter(branch), nonce: nonceOf() })
  }
  grow(first, 6, 0)
  const bonds = bondsOfNodes(first.reward(1))
  first.add([bonds], { fees: FEE, time: timeAfter(first), nonce: nonceOf() })
  grow(first, FORK, 0)
  const second = new Branch({ branch: first, height: FORK })
  grow(first, DEADLINE - 1, 1)
  grow(second, DEADLINE + 1, 2)
  const verdict = slash(first, { bonds, funding: first.reward(2).outpoint, height: NAMED })
  return { first, second, verdict }
}

/** A time that follows from the one before, and never from the clock. */
export function timeAfter({ tip }: Branch): number {
  return tip.height === 0 ? params.genesis.header.time + 1_000 : tip.header.time + 1
}

function recorded(): () => number {
  const nonces = readFileSync(NONCES)
  let at = 0
  return () => nonces.readUInt32LE(4 * at++)
}
