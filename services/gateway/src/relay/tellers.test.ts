import assert from 'node:assert/strict'
import test from 'node:test'
import { Tellers } from './tellers.ts'

test('each teller knows what it told, once, of those that are asked about', () => {
  const tellers = new Tellers(100)
  for (const [txid, teller] of [
    ['aa', 'x'],
    ['aa', 'y'],
    ['aa', 'x'],
    ['bb', 'y'],
    ['cc', 'z'],
  ] as const)
    tellers.add(txid, teller)
  assert.deepEqual(
    tellers.knownOf(['aa', 'bb', 'dd']),
    new Map([
      ['x', new Set(['aa'])],
      ['y', new Set(['aa', 'bb'])],
    ]),
  )
})

test('the last half is remembered, and no more than all is held', () => {
  const tellers = new Tellers(10)
  const txids = Array.from({ length: 1_000 }, (_, i) => `tx ${i}`)
  for (const txid of txids) tellers.add(txid, 'x')
  const known = tellers.knownOf(txids).get('x') ?? new Set()
  assert.ok(known.size <= 10, String(known.size))
  for (const txid of txids.slice(-5)) assert.ok(known.has(txid), txid)
})

test('strangers without end who tell of the same take bounded room; those beyond it are told what they know', () => {
  const tellers = new Tellers(100)
  for (let i = 0; i < 10_000; i++) tellers.add('aa', `stranger ${i}`)
  const known = tellers.knownOf(['aa'])
  assert.ok(known.size > 0 && known.size <= 32, String(known.size))
})
