import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutPoint } from '@camelid/codec'
import { nextRound } from './rounds.ts'
import { entry, id } from './testing/entries.ts'

const from = (n: number, ...outpoints: OutPoint[]) => ({ parsed: entry(n, { from: outpoints }) })
const coin = (n: number): OutPoint => ({ txid: id(1_000 + n), index: 0 })
const out = (n: number): OutPoint => ({ txid: id(n), index: 0 })
const ids = (some: readonly ReturnType<typeof from>[]) =>
  some.map(({ parsed: { txid } }) => new DataView(txid.buffer).getUint32(0))

test('children and rivals wait for their turn, the others are judged together', () => {
  const all = [from(3, out(2)), from(1, coin(1)), from(2, out(1)), from(4, coin(1)), from(5, coin(5)), from(6, out(4))]
  const one = nextRound(all)
  assert.deepEqual(
    [ids(one.now), ids(one.later)],
    [
      [1, 5],
      [3, 2, 4, 6],
    ],
  )
  const two = nextRound(one.later)
  assert.deepEqual(
    [ids(two.now), ids(two.later)],
    [
      [2, 4],
      [3, 6],
    ],
  )
  assert.deepEqual(ids(nextRound(two.later).now), [3, 6])
})

test('the same one twice is judged once at a time, and a circle ends', () => {
  const twice = nextRound([from(1, coin(1)), from(1, coin(1))])
  assert.deepEqual([ids(twice.now), ids(twice.later)], [[1], [1]])
  const circle = nextRound([from(1, out(2)), from(2, out(1))])
  assert.deepEqual([ids(circle.now), ids(circle.later)], [[1, 2], []])
})
