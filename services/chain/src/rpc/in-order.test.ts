import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { inOrder } from './in-order.ts'

async function* upTo(count: number) {
  for (let n = 0; n < count; n++) {
    if (n % 3 === 0) await setImmediate()
    yield n
  }
}

test('answers come in the order of the requests, though several are in the making at once', async () => {
  let running = 0
  let most = 0
  const answers = inOrder(upTo(50), {
    ahead: { count: 8, bytes: 1_000 },
    sizeOf: () => 1,
    answer: async (n) => {
      most = Math.max(most, ++running)
      for (let i = 0; i < (n * 7) % 5; i++) await setImmediate()
      running--
      return n
    },
  })
  assert.deepEqual(
    await Array.fromAsync(answers),
    Array.from({ length: 50 }, (_, n) => n),
  )
  assert.ok(most > 1 && most <= 8, `${most} at once`)
})

test('no more is begun than the bytes allow, but one always is', async () => {
  let running = 0
  const answers = inOrder(upTo(10), {
    ahead: { count: 8, bytes: 100 },
    sizeOf: () => 150,
    answer: async (n) => {
      assert.equal(++running, 1)
      await setImmediate()
      running--
      return n
    },
  })
  assert.equal((await Array.fromAsync(answers)).length, 10)
})

test('a failure ends it after what came before, and the requests are let go', async () => {
  let closed = false
  async function* requests() {
    try {
      yield* upTo(50)
    } finally {
      closed = true
    }
  }
  const answer = (n: number) => (n === 3 ? Promise.reject(new Error('no')) : Promise.resolve(n))
  const answers = inOrder(requests(), { ahead: { count: 8, bytes: 100 }, sizeOf: () => 1, answer })
  const seen: number[] = []
  await assert.rejects(async () => {
    for await (const n of answers) seen.push(n)
  }, /no/)
  assert.deepEqual(seen, [0, 1, 2])
  assert.equal(closed, true)
})
