import assert from 'node:assert/strict'
import { test } from 'node:test'
import { txid } from '@camelid/codec'
import { bondScript, p2pkhScript } from '@camelid/consensus'
import { bytesToHex, publicKeyOf } from '@camelid/crypto'
import { blockEvents } from './block-events.ts'
import { Branch, PAYEE, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { snapshot } from './snapshot.ts'
import { submitAll } from './submit.ts'

const FEE = 1_000n
const NODE_KEY = publicKeyOf(new Uint8Array(32).fill(5))

/** Two branches from height 8, each with spends, a bond and a job of its own; the second has more work. */
function branches(): { first: Branch; second: Branch } {
  const first = new Branch().grow(8)
  const second = new Branch({ branch: first, height: 8 })
  const shared = first.reward(1)
  const jobId = new Uint8Array(32).fill(9)
  const pay = spend({ from: [shared], to: [toPayee(shared.value - 2n * FEE), toPayee(FEE)], jobId })
  first.add([pay], { fees: FEE })
  const chained = spend({ from: [{ outpoint: { txid: txid(pay), index: 0 } }], to: [toPayee(shared.value - 3n * FEE)] })
  first.add([chained], { fees: FEE })
  first.grow(5, 1)
  const bond = spend({
    from: [shared],
    to: [{ value: shared.value - FEE, scriptPubKey: bondScript(NODE_KEY, 100_000) }],
  })
  second.add([bond], { fees: FEE, tag: 2 })
  const two = second.reward(2)
  const other = { value: two.value - FEE, scriptPubKey: p2pkhScript(new Uint8Array(20).fill(3)) }
  second.add([spend({ from: [two], to: [other] })], { fees: FEE, tag: 2 })
  second.grow(6, 2)
  return { first, second }
}

test('a reorganisation of depth 7 leaves exactly what a fresh node has, and tells it in order', async () => {
  const { first, second } = branches()
  await using chain = await TestChain.start()
  await submitAll(chain.client, first.blocks)
  assert.equal(await chain.height(), 15)
  await submitAll(chain.client, second.blocks.slice(8))
  const { tip } = await chain.client.getTip({})
  assert.equal(bytesToHex(tip?.hash ?? new Uint8Array()), bytesToHex(second.tip.hash))
  const after = await snapshot(chain)

  await using fresh = await TestChain.start()
  await submitAll(fresh.client, second.blocks)
  assert.deepEqual(after, await snapshot(fresh))
  const { bonds } = await chain.client.listBonds({})
  assert.equal(bonds.length, 1)
  const { utxos } = await chain.client.getUtxos({ h2: PAYEE, withProofs: true })
  assert.equal(utxos.length, 16 - 2)

  assert.deepEqual(await blockEvents(chain, 15 + 7 + 8), [
    ...heights('connected', 1, 15),
    ...heights('disconnected', 15, 9),
    ...heights('connected', 9, 16),
  ])

  // And back, over the same blocks once more.
  const third = new Branch({ branch: first, height: 15 }).grow(2, 3)
  await submitAll(chain.client, third.blocks.slice(15))
  await using replay = await TestChain.start()
  await submitAll(replay.client, third.blocks)
  assert.deepEqual(await snapshot(chain), await snapshot(replay))
})

function heights(kind: string, from: number, to: number): string[] {
  const step = Math.sign(to - from)
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => `${kind} ${from + i * step}`)
}
