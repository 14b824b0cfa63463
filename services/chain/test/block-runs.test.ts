import assert from 'node:assert/strict'
import { test } from 'node:test'
import { subsidy } from '@camelid/consensus'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { blockEvents } from './block-events.ts'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { ledgerOf, rowsOfLedger } from './ledger.ts'
import { growAtRandom, seeded } from './random-branch.ts'
import { offer } from './submit.ts'
import { inChainDatabase, rowsOfCoins, rowsOfHistory } from './tables.ts'

test('blocks that come in one go are each answered for, whatever is wrong with some of them, and each is announced', async () => {
  await using chain = await TestChain.start()
  const good = new Branch().grow(6)
  growAtRandom(good, 6, seeded(5))
  const bad = new Branch({ branch: good, height: 9 })
  bad.add([], { tag: 7, reward: subsidy(10) + 1n })
  bad.grow(1, 7)
  const block = (branch: Branch, height: number) => ({ block: branch.blocks[height - 1] ?? assert.fail() })
  const heights = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const answers = await offer(chain, [
    ...heights(1, 9).map((height) => block(good, height)),
    block(bad, 10),
    block(bad, 11),
    block(good, 4),
    ...heights(10, 12).map((height) => block(good, height)),
  ])
  assert.deepEqual(
    answers.map(({ outcome, code }) => (outcome === Outcome.OK ? 'taken' : code)),
    [...heights(1, 9).map(() => 'taken'), 'COINBASE_PAYS_TOO_MUCH', 'INVALID_ANCESTOR', '', 'taken', 'taken', 'taken'],
  )
  assert.equal(await chain.height(), 12)
  assert.deepEqual(
    await blockEvents(chain, 12),
    heights(1, 12).map((height) => `connected ${height}`),
  )
  await chain.stop()
  await inChainDatabase(chain.databaseUrl, async (sql) => {
    const ledger = ledgerOf(good.blocks)
    assert.deepEqual(await rowsOfCoins(sql), rowsOfLedger(ledger))
    assert.deepEqual(await rowsOfHistory(sql), ledger.history)
  })
})
