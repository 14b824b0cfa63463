import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BlockHeader, decodeHeader, encodeAddress } from '@camelid/codec'
import { bitsToTarget } from '@camelid/consensus'
import { params } from './branch.ts'
import { startMiner, TestChain } from './harness.ts'

const HOURS_8_MS = 8 * 60 * 60 * 1_000

test('after eight hours off the chain goes on at the difficulty it had, not at the floor', async () => {
  await using chain = await TestChain.start()
  const payout = encodeAddress(new Uint8Array(20).fill(7))
  const miner = startMiner(chain, payout, { MINER_DUTY: '1', MIN_BLOCK_INTERVAL_MS: '0' })
  await chain.reach(70)
  await miner.stop()
  const asleep = await chain.height()
  await chain.stop()

  await chain.start({ CLOCK_OFFSET_MS: String(HOURS_8_MS) })
  await using again = startMiner(chain, payout, { MINER_DUTY: '1', MIN_BLOCK_INTERVAL_MS: '0' })
  await chain.reach(asleep + 20, 120_000)
  await again.stop()
  const [before, first, ...rest] = await headersFrom(chain, asleep, 21)
  assert.ok(before && first)
  assert.ok(first.time - before.time >= HOURS_8_MS / 1_000 - 60)
  const limit = bitsToTarget(params.powLimitBits)
  for (const header of [first, ...rest]) assert.ok(bitsToTarget(header.bits) < limit, 'mined at the floor')
  const last = rest.at(-1)
  assert.ok(last && last.time - first.time < 120)
})

async function headersFrom(chain: TestChain, height: number, count: number): Promise<BlockHeader[]> {
  const { block } = await chain.client.getBlock({ by: { case: 'height', value: height } })
  const { prevHash } = decodeHeader(block.subarray(0, 80))
  const { headers } = await chain.client.getHeaders({ locator: [prevHash], limit: count })
  return headers.map((bytes) => decodeHeader(bytes))
}
