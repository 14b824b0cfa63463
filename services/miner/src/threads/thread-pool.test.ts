import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { headerFor, type Template } from '../work/template.ts'
import { type Found, ThreadPool } from './thread-pool.ts'

/** Nothing meets it. */
const IMPOSSIBLE = new Uint8Array(32)
/** One hash in 2^16 meets it. */
const EASY = new Uint8Array(32).fill(0xff, 0, 30)

function template(fill: number, target: Uint8Array): Template {
  return {
    height: 1,
    header: new Uint8Array(80).fill(fill),
    coinbasePrefix: Uint8Array.of(1),
    coinbaseSuffix: Uint8Array.of(2),
    merkleBranch: [],
    target,
    time: 1_000,
    minTime: 900,
    maxTime: 100_000,
  }
}

/** A pool and what comes from it, each waited for once. */
function start(threads: number) {
  const found = Promise.withResolvers<Found>()
  const hashed = Promise.withResolvers<number>()
  const loops = new Map<number, string>()
  const pool = new ThreadPool({
    threads,
    duty: 1,
    onFound: found.resolve,
    onHashed: hashed.resolve,
    onLoop: (thread, { name }) => loops.set(thread, name),
    onFailure: found.reject,
  })
  return { pool, found: found.promise, hashed: hashed.promise, loops }
}

test('threads find a block of the template, with a header that its extra nonce and time give', async () => {
  const { pool, found, loops } = start(2)
  await using _ = pool
  pool.workOn(template(7, EASY))
  const { header, extraNonce, template: of } = await found
  assert.equal(pool.busy, false)
  const once = createHash('sha256').update(header).digest()
  assert.deepEqual([...createHash('sha256').update(once).digest().subarray(30)], [0, 0])
  const view = new DataView(header.buffer, header.byteOffset)
  const expected = headerFor(of, extraNonce, view.getUint32(68, true))
  assert.deepEqual(header.subarray(0, 76), expected.subarray(0, 76))
  assert.ok([...loops.values()].includes('wasm-simd'))
})

test('work that is taken back is dropped, and the next is found', async () => {
  const { pool, found, hashed } = start(1)
  await using _ = pool
  pool.workOn(template(1, IMPOSSIBLE))
  assert.ok((await hashed) > 0)
  pool.workOn(undefined)
  assert.equal(pool.busy, false)
  const next = template(2, EASY)
  pool.workOn(next)
  assert.equal((await found).template, next)
})
