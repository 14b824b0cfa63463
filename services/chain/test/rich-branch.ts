import { txid } from '@camelid/codec'
import { bondScript, p2pkhScript } from '@camelid/consensus'
import { publicKeyOf } from '@camelid/crypto'
import { Branch, spend, toPayee } from './branch.ts'

const FEE = 1_000n
export const NODE_KEY = publicKeyOf(new Uint8Array(32).fill(5))

/** A branch with all that leaves a trace: spends, of coins of the same block too, a job's settlement, and bonds, one of them spent. */
export function richBranch(): Branch {
  const branch = new Branch().grow(9)
  const jobId = new Uint8Array(32).fill(9)
  const [one, two, three] = [branch.reward(1), branch.reward(2), branch.reward(3)]
  const pay = spend({ from: [one], to: [toPayee(one.value - 2n * FEE), toPayee(FEE)], jobId })
  const chained = spend({ from: [{ outpoint: { txid: txid(pay), index: 0 } }], to: [toPayee(one.value - 3n * FEE)] })
  branch.add([pay, chained], { fees: 2n * FEE })
  const bond = { value: two.value - FEE, scriptPubKey: bondScript(NODE_KEY, 100_000) }
  const other = { value: three.value - FEE, scriptPubKey: p2pkhScript(new Uint8Array(20).fill(3)) }
  branch.add([spend({ from: [two], to: [bond] }), spend({ from: [three], to: [other] })], { fees: 2n * FEE })
  return branch.grow(3)
}
