import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLoop, chooseLoop } from './choose-loop.ts'
import { scanNonces } from './scan-nonces.ts'
import { selfTest } from './self-test.ts'
import { createSimdScan } from './wasm/simd-scan.ts'

test('both loops pass the self-test, and the fast one is chosen', () => {
  assert.equal(selfTest(scanNonces), undefined)
  assert.equal(selfTest(createSimdScan()), undefined)
  assert.equal(chooseLoop().name, 'wasm-simd')
})

test('without SIMD the plain loop is chosen, with the reason', () => {
  const loop = chooseLoop(() => {
    throw new Error('invalid opcode 0xfd')
  })
  assert.deepEqual([loop.name, loop.scan], ['javascript', scanNonces])
  assert.match(loop.reason ?? '', /SIMD does not run here: invalid opcode/)
})

test('a loop that misses a winner or makes one up is not used', () => {
  const simd = createSimdScan()
  const blind = () => -1
  const lavish = (_work: unknown, first: number) => first
  const late = (...[work, first, count]: Parameters<typeof simd>) => simd(work, first + 1, count)
  for (const scan of [blind, lavish, late]) {
    assert.match(selfTest(scan) ?? '', /was found/)
    const loop = chooseLoop(() => scan)
    assert.equal(loop.scan, scanNonces)
    assert.match(loop.reason ?? '', /self-test failed/)
  }
})

test('a loop that goes wrong later is replaced, a right one is kept', () => {
  const right = chooseLoop()
  assert.equal(checkLoop(right), right)
  assert.equal(checkLoop({ name: 'wasm-simd', scan: () => -1 }).name, 'javascript')
  const plain = chooseLoop(() => () => -1)
  assert.equal(checkLoop(plain), plain)
})
