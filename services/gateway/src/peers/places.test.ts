import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Places } from './places.ts'

const places = new Places(new Uint8Array(32).fill(7))
const address = (i: number) => ({ key: `10.${i >> 8}.${i & 255}.1:7331`, group: `10.${i >> 8}` })
const numbers = Array.from({ length: 20_000 }, (_, i) => i)

test('whatever one part of the network tells lands in 1 of 32 places of the new table', () => {
  const taken = new Set(numbers.map((i) => places.fresh(address(i), '8.8')))
  assert.ok(taken.size <= 512, `${taken.size} places`)
  const others = new Set(numbers.slice(0, 2_000).map((i) => places.fresh(address(i), `9.${i}`)))
  assert.ok(others.size > 1_500, `${others.size} places`)
  assert.ok([...taken, ...others].every((place) => place >= 0 && place < 16_384))
})

test('addresses of one part of the network, though reached, take at most 128 of 2,048 places', () => {
  const taken = new Set(numbers.slice(0, 5_000).map((i) => places.tried({ key: `10.0.0.${i}:1`, group: '10.0' })))
  assert.ok(taken.size <= 128, `${taken.size} places`)
  assert.ok([...taken].every((place) => place >= 0 && place < 2_048))
})

test('places stay the same, and are others under another secret', () => {
  const again = new Places(new Uint8Array(32).fill(7))
  const other = new Places(new Uint8Array(32).fill(8))
  const sample = numbers.slice(0, 100).map(address)
  assert.deepEqual(
    sample.map((one) => again.fresh(one, '8.8')),
    sample.map((one) => places.fresh(one, '8.8')),
  )
  assert.ok(sample.filter((one) => other.tried(one) === places.tried(one)).length < 10)
})
