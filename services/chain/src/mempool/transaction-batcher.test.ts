import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Offer } from './accept-batch.ts'
import { TransactionBatcher } from './transaction-batcher.ts'

const offer = (n: number, bytes = 32): Offer => ({ raw: new Uint8Array(bytes).fill(n), peer: null })
const accepted = ({ raw }: Offer) => ({ txid: raw, known: false })

test('what comes while one batch is judged is the next, and everybody has an answer of his own', async () => {
  const sizes: number[] = []
  const batcher = new TransactionBatcher(async (offers) => {
    sizes.push(offers.length)
    await setImmediate()
    return offers.map(accepted)
  })
  const first = Array.from({ length: 3 }, (_, n) => batcher.submit(offer(n)))
  await setImmediate()
  await setImmediate()
  const rest = Array.from({ length: 1_100 }, (_, n) => batcher.submit(offer(n % 256)))
  const answers = await Promise.all([...first, ...rest])
  assert.equal(answers.length, 1_103)
  assert.ok(answers.every((answer, n) => 'txid' in answer && answer.txid[0] === (n < 3 ? n : (n - 3) % 256)))
  assert.deepEqual(sizes, [3, 500, 500, 100])
  assert.equal(batcher.waiting, 0)
})

test('a failure is the answer of all in the batch, and the next is judged all the same', async () => {
  let fails = true
  const batcher = new TransactionBatcher(async (offers) => {
    if (fails) throw new Error('no database')
    return offers.map(accepted)
  })
  const both = await Promise.allSettled([batcher.submit(offer(1)), batcher.submit(offer(2))])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  fails = false
  assert.ok('txid' in (await batcher.submit(offer(3))))
})

test('more than may wait is refused as busy, by number and by bytes', async () => {
  const gate = Promise.withResolvers<void>()
  const batcher = new TransactionBatcher(async (offers) => {
    await gate.promise
    return offers.map(accepted)
  })
  const large = Array.from({ length: 335 }, () => batcher.submit(offer(1, 100_000)))
  await assert.rejects(batcher.submit(offer(1, 100_000)), { code: 'BUSY' })
  gate.resolve()
  await Promise.all(large)
  const small = Array.from({ length: 5_000 }, () => batcher.submit(offer(1)))
  await assert.rejects(batcher.submit(offer(1)), { code: 'BUSY' })
  await Promise.all(small)
})
