import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, NULL_JOB_ID, ShortIds, type Transaction } from '@camelid/codec'
import { sha256d } from '@camelid/crypto'
import type { Outline, Part } from './compact-block.ts'
import { fillBlock } from './fill-block.ts'

const ids = new ShortIds(new Uint8Array(80), 1n)

function part(number: number): Part {
  const tx: Transaction = { version: number, vin: [], vout: [], lockTime: 0, jobId: NULL_JOB_ID }
  const raw = encodeTransaction(tx)
  return { tx, raw, txid: sha256d(raw) }
}

const parts = Array.from({ length: 6 }, (_, i) => part(i))
const at = (index: number): Part => parts[index] ?? assert.fail()

/** An outline of `parts` with those of `placed` spelled out. */
function outline(...placed: number[]): Outline {
  const others = parts.filter((_, index) => !placed.includes(index))
  return {
    ids,
    shortIds: others.map(({ txid }) => ids.of(txid)),
    placed: new Map(placed.map((index) => [index, at(index)])),
    count: parts.length,
  }
}

test('takes each transaction from where it is, in the order of the block', () => {
  const supplied = new Map([[2, at(2)]])
  const pool = [part(100), at(5), at(3), part(101), at(1)]
  const filled = fillBlock(outline(0, 4), { supplied, pool })
  assert.deepEqual(filled, parts)
})

test('what is nowhere stays open', () => {
  const filled = fillBlock(outline(0), { supplied: new Map(), pool: [at(2), at(5)] })
  assert.deepEqual(
    filled?.map((one) => one !== undefined),
    [true, false, true, false, false, true],
  )
})

test('of two transactions with one short id none is taken', () => {
  const pool = [...parts, { ...part(7), txid: at(3).txid }]
  assert.deepEqual(fillBlock(outline(0), { supplied: new Map(), pool })?.indexOf(undefined), 3)
  // Spelled out it is beyond doubt.
  assert.deepEqual(fillBlock(outline(0), { supplied: new Map([[3, at(3)]]), pool }), parts)
})

test('a block that names two by one short id tells nothing', () => {
  const { shortIds, ...rest } = outline(0)
  const twice = [...shortIds.slice(0, -1), shortIds[0] ?? 0]
  assert.equal(fillBlock({ ...rest, shortIds: twice }, { supplied: new Map(), pool: parts }), undefined)
})
