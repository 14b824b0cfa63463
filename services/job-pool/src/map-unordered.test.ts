import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mapUnordered } from './map-unordered.ts'

async function* numbers(count: number): AsyncGenerator<number> {
  for (let n = 0; n < count; n += 1) yield await Promise.resolve(n)
}

test('every item is worked on once, started in order, never more than the limit at once', async () => {
  const started: number[] = []
  let running = 0
  let most = 0
  const results: number[] = []
  const work = async (n: number) => {
    started.push(n)
    running += 1
    most = Math.max(most, running)
    for (let turns = 0; turns < (n * 7) % 5; turns += 1) await new Promise(setImmediate)
    running -= 1
    return n * 2
  }
  for await (const result of mapUnordered(numbers(40), 3, work)) results.push(result)
  assert.deepEqual(
    started,
    [...started].sort((a, b) => a - b),
  )
  assert.deepEqual(
    results.sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, n) => n * 2),
  )
  assert.ok(most <= 3)
})

test('a result does not wait for a slower one before it', async () => {
  const gate = Promise.withResolvers<void>()
  const results: number[] = []
  for await (const result of mapUnordered(numbers(2), 2, async (n) => {
    if (n === 0) await gate.promise
    return n
  })) {
    results.push(result)
    gate.resolve()
  }
  assert.deepEqual(results, [1, 0])
})

test('leaving early closes the source', async () => {
  let closed = false
  async function* endless(): AsyncGenerator<number> {
    try {
      for (;;) yield await Promise.resolve(1)
    } finally {
      closed = true
    }
  }
  for await (const _ of mapUnordered(endless(), 2, (n) => Promise.resolve(n))) break
  assert.ok(closed)
})
