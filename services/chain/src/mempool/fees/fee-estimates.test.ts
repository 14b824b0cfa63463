import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Mempool } from '../mempool.ts'
import { entry, id } from '../testing/entries.ts'
import { FeeEstimates } from './fee-estimates.ts'

/** A network whose every block takes what pays 20 a byte at once, 10 after three blocks, and 2 never. */
function learned(blocks: number) {
  const mempool = new Mempool()
  const estimates = new FeeEstimates()
  const arrived: { key: string; height: number; rate: number }[] = []
  let n = 0
  for (let height = 100; height < 100 + blocks; height++) {
    for (const rate of [20, 20, 10, 10, 2]) {
      const one = entry(n++, { fee: BigInt(rate * 200) })
      mempool.add(one)
      estimates.track(mempool, one, height)
      arrived.push({ key: one.key, height, rate })
    }
    const due = arrived.filter(
      (one) => mempool.get(one.key) && (one.rate === 20 || (one.rate === 10 && height + 1 - one.height >= 3)),
    )
    estimates.learn(mempool, { height: height + 1, keys: due.map(({ key }) => key) })
    for (const { key } of due) mempool.remove(key)
  }
  return { estimates, mempool, height: 100 + blocks }
}

test('nothing is said before enough was seen', () => {
  const { estimates, height } = learned(3)
  assert.equal(estimates.estimate(1, height), null)
  assert.equal(new FeeEstimates().estimate(6, 0), null)
})

test('who waits longer pays less, and what is never mined is no advice', () => {
  const { estimates, height } = learned(60)
  assert.equal(Math.round(estimates.estimate(1, height) ?? 0), 20)
  assert.equal(Math.round(estimates.estimate(2, height) ?? 0), 20)
  assert.equal(Math.round(estimates.estimate(3, height) ?? 0), 10)
  assert.equal(Math.round(estimates.estimate(1_000, height) ?? 0), 10)
})

test('reservations and what rests on unconfirmed ones teach nothing', () => {
  const mempool = new Mempool()
  const estimates = new FeeEstimates()
  const keys: string[] = []
  for (let n = 0; n < 50; n++) {
    const parent = entry(2 * n, { jobId: id(n + 1) })
    const child = entry(2 * n + 1, { from: [{ txid: id(2 * n), index: 0 }] })
    for (const one of [parent, child]) {
      mempool.add(one)
      estimates.track(mempool, one, 1)
      keys.push(one.key)
    }
  }
  estimates.learn(mempool, { height: 2, keys })
  assert.equal(estimates.estimate(1, 2), null)
})

test('what was learned can be written down; what is damaged or of another form is not taken up', () => {
  const { estimates, height } = learned(60)
  const memory = estimates.memory()
  const again = new FeeEstimates()
  assert.equal(again.recall(memory), true)
  for (const target of [1, 3, 48]) assert.equal(again.estimate(target, height), estimates.estimate(target, height))
  const damaged = memory.slice()
  new DataView(damaged.buffer).setFloat64(9, Number.NaN, true)
  for (const bytes of [damaged, memory.subarray(1), memory.with(0, 2), new Uint8Array()]) {
    const fresh = new FeeEstimates()
    assert.equal(fresh.recall(bytes), false)
    assert.equal(fresh.estimate(3, height), null)
  }
})
