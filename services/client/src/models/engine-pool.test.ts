import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { findModel, loadRegistry } from '@camelid/engine'
import { MODELS_DIR } from '../../test/support/test-farm.ts'
import { EnginePool } from './engine-pool.ts'

const registry = loadRegistry(MODELS_DIR)
const [tiny, mini, coarse] = ['camelid-tiny-F16', 'camelid-mini-F16', 'camelid-tiny-Q4_0'].map((name) =>
  findModel(registry, name),
)
assert.ok(tiny && mini && coarse)
const MIB = 2 ** 20

function openPool(memoryBytes = 1024 * MIB) {
  const warnings: string[] = []
  const log = { debug: () => undefined, warn: (data: { err?: unknown }) => void warnings.push(String(data.err)) }
  const pool = new EnginePool({ threads: 1, memoryBytes, log })
  return { pool, warnings }
}

test('an engine in use is never closed to make room: who needs another waits, and takes the place of one that is idle', async () => {
  await using pool = openPool().pool
  const [first, second] = await Promise.all([pool.borrow(tiny), pool.borrow(mini)])
  assert.ok(first && second)
  using again = await pool.borrow(tiny)
  assert.equal(again?.engine, first.engine, 'one model has one engine')
  let given = false
  const third = pool.borrow(coarse).then((borrowed) => {
    given = true
    return borrowed
  })
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  await sleep(50)
  assert.ok(!given, 'both are in use still')
  assert.ok(first.engine.tokenize([{ kind: 0, text: 'a llama' }], []).length > 1)
  second[Symbol.dispose]()
  using borrowed = await third
  assert.equal(borrowed?.engine.model.name, coarse.name)
  assert.equal(pool.opened(mini.sha256), undefined)
  assert.equal(pool.opened(tiny.sha256), first.engine)
})

test('memory is bounded: an idle engine makes room, one in use does not', async () => {
  const { pool, warnings } = openPool(12 * MIB)
  await using _ = pool
  const first = await pool.borrow(tiny)
  assert.ok(first)
  assert.equal(await pool.borrow(mini), undefined)
  assert.match(warnings.join(), /MiB for models/)
  first[Symbol.dispose]()
  using second = await pool.borrow(mini)
  assert.equal(second?.engine.model.name, mini.name)
  assert.equal(pool.opened(tiny.sha256), undefined)
})

test('a model that does not open is tried again by the next who needs it', async () => {
  const { pool, warnings } = openPool()
  await using _ = pool
  const gone = { ...tiny, file: `${tiny.file}.gone` }
  assert.equal(await pool.borrow(gone), undefined)
  assert.equal(warnings.length, 1)
  using found = await pool.borrow(tiny)
  assert.ok(found)
})
