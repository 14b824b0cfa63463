import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, type OutPoint, type Transaction } from '@camelid/codec'
import { opReturnScript } from '@camelid/consensus'
import { bytesToHex, hash160 } from '@camelid/crypto'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { Branch, PAYEE, spend, toPayee } from './branch.ts'
import { type ChainClient, TestChain } from './harness.ts'
import { bondsOfNodes, FEE, JOB, JUDGED, NODES, slash } from './slashing.ts'
import { offer, submitAll } from './submit.ts'

const withCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code

/** Ten blocks: rewards, and in the seventh a bond of one coin for each node. */
function bonded(): { branch: Branch; bonds: Transaction } {
  const branch = new Branch().grow(6)
  const bonds = bondsOfNodes(branch.reward(1))
  branch.add([bonds], { fees: FEE })
  return { branch: branch.grow(4), bonds }
}

/** P: pays the judged node for the job. */
function payFrom(coin: { outpoint: OutPoint; value: bigint }): Transaction {
  const named = { value: 0n, scriptPubKey: opReturnScript(hash160(JUDGED.key)) }
  return spend({ from: [coin], to: [toPayee(coin.value - FEE), named], lockTime: 500_000_001, jobId: JOB })
}

const inTemplate = async (client: ChainClient) =>
  (await client.getBlockTemplate({ payoutH2: PAYEE })).transactions.map(bytesToHex)

test('a verdict with its quorum takes the payment out of the mempool, and its block shuts the payment out for ever', async () => {
  await using chain = await TestChain.start()
  const { branch, bonds } = bonded()
  await submitAll(chain.client, branch.blocks)
  const coin = branch.reward(2)
  const payment = payFrom(coin)
  await chain.client.reserve({ jobId: JOB, funding: encodeTransaction(payment) })
  assert.deepEqual(await inTemplate(chain.client), [bytesToHex(encodeTransaction(payment))])

  const verdict = slash(branch, { bonds, funding: coin.outpoint, height: 11 })
  await chain.client.submitTransaction({ transaction: encodeTransaction(verdict) })
  assert.deepEqual(await inTemplate(chain.client), [bytesToHex(encodeTransaction(verdict))])
  // A restart judges it again by the committee of the same block.
  await chain.stop('SIGKILL')
  await chain.start()
  assert.deepEqual(await inTemplate(chain.client), [bytesToHex(encodeTransaction(verdict))])
  const both = new Branch({ branch, height: 11 }).add([verdict, payment])
  await assert.rejects(chain.client.submitBlock({ block: both }), withCode('DUPLICATE_SETTLEMENT'))
  await chain.client.submitBlock({ block: branch.add([verdict]) })
  assert.equal((await chain.client.listBonds({})).bonds.length, NODES.length - 1)
  assert.equal((await chain.client.listBonds({ nodeKey: JUDGED.key })).bonds.length, 0)
  const again = chain.client.reserve({ jobId: JOB, funding: encodeTransaction(payment) })
  await assert.rejects(again, withCode('DUPLICATE_SETTLEMENT'))
  const late = new Branch({ branch, height: 12 }).add([payment])
  await assert.rejects(chain.client.submitBlock({ block: late }), withCode('DUPLICATE_SETTLEMENT'))
})

test('a block that slashes takes the payment out of the mempool, though nobody sent its verdict before', async () => {
  await using chain = await TestChain.start()
  const { branch, bonds } = bonded()
  await submitAll(chain.client, branch.blocks)
  const coin = branch.reward(2)
  const payment = payFrom(coin)
  await chain.client.reserve({ jobId: JOB, funding: encodeTransaction(payment) })
  const verdict = slash(branch, { bonds, funding: coin.outpoint, height: 11 })
  await chain.client.submitBlock({ block: branch.add([verdict]) })
  // A template that still held it would make a block that nobody takes.
  assert.deepEqual(await inTemplate(chain.client), [])
  assert.equal((await chain.client.releaseReservation({ jobId: JOB })).released, false)
})

test('a verdict that comes after the payment was mined is refused, and its sender, who may not know, is not blamed', async () => {
  await using chain = await TestChain.start()
  const { branch, bonds } = bonded()
  await submitAll(chain.client, branch.blocks)
  const coin = branch.reward(2)
  const verdict = slash(branch, { bonds, funding: coin.outpoint, height: 11 })
  await chain.client.submitBlock({ block: branch.add([payFrom(coin)]) })
  const [answer] = await offer(chain, [{ transaction: encodeTransaction(verdict) }])
  assert.deepEqual([answer?.code, answer?.score, answer?.outcome], ['DUPLICATE_SETTLEMENT', 0, Outcome.IGNORE])
})

test('a verdict is judged again when the block of its committee is reorganised away', async () => {
  await using chain = await TestChain.start()
  const { branch, bonds } = bonded()
  await submitAll(chain.client, branch.blocks)
  const verdict = slash(branch, { bonds, funding: branch.reward(2).outpoint, height: 11 })
  await chain.client.submitTransaction({ transaction: encodeTransaction(verdict) })
  const other = new Branch({ branch, height: 10 }).grow(2, 6)
  await submitAll(chain.client, other.blocks.slice(10))
  assert.equal(await chain.height(), 12)
  assert.deepEqual(await inTemplate(chain.client), [])
  const refused = chain.client.submitTransaction({ transaction: encodeTransaction(verdict) })
  await assert.rejects(refused, (error) => error instanceof Error && 'code' in error)
})
