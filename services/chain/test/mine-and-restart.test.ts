import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeAddress } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { startMiner, TestChain } from './harness.ts'

test('mines from genesis by real work, and goes on from the same tip after kill -9', async () => {
  await using chain = await TestChain.start()
  await using miner = startMiner(chain, encodeAddress(new Uint8Array(20).fill(7)), {
    MINER_DUTY: '0.5',
    MIN_BLOCK_INTERVAL_MS: '0',
  })
  await chain.reach(5)
  await chain.stop('SIGKILL')
  await chain.start()
  const { tip } = await chain.client.getTip({})
  assert.ok(tip !== undefined && tip.height >= 5)
  await chain.reach(tip.height + 3)
  const { block, onBestChain } = await chain.client.getBlock({ by: { case: 'hash', value: tip.hash } })
  assert.equal(onBestChain, true)
  assert.equal(bytesToHex(block.subarray(0, 80)), bytesToHex(tip.header))
  assert.equal(await miner.stop(), 0)
  assert.equal(await chain.stop(), 0)
})
