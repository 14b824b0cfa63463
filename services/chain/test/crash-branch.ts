import type { Transaction } from '@camelid/codec'
import { bondScript } from '@camelid/consensus'
import { Branch, spend, toPayee } from './branch.ts'
import { NODE_KEY } from './rich-branch.ts'

/** So many of the newest blocks are given up at most. */
const DEEPEST = 4
const FEE = 1_000n
/** A block spends the reward of the one so far below it, which has matured then; so no reward is spent twice on one branch. */
const SPENT_BELOW = 6

/**
 * A branch that leaves the last one a few blocks below its tip (or at it, to grow on) and goes beyond it. Its blocks spend, pay for jobs and
 * make bonds in turn. @returns it with the height up to which both are one
 */
export function nextBranch(last: Branch, number: number, random: () => number): { next: Branch; fork: number } {
  const depth = Math.floor(random() * (DEEPEST + 1))
  const fork = last.tip.height - depth
  const next = new Branch({ branch: last, height: fork })
  const growth = depth + 1 + Math.floor(random() * 2)
  for (let i = 0; i < growth; i++) next.add([spendReward(next, number)], { tag: number % 256, fees: FEE })
  return { next, fork }
}

function spendReward(branch: Branch, number: number): Transaction {
  const height = branch.tip.height + 1
  const coin = branch.reward(height - SPENT_BELOW)
  const value = coin.value - FEE
  if (height % 3 === 0)
    return spend({ from: [coin], to: [{ value, scriptPubKey: bondScript(NODE_KEY, 100_000 + number) }] })
  if (height % 3 === 1)
    return spend({ from: [coin], to: [toPayee(value)], jobId: new Uint8Array(32).fill(1 + (number % 255)) })
  return spend({ from: [coin], to: [toPayee(value / 2n), toPayee(value - value / 2n)] })
}
