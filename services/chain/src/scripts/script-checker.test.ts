import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONSENSUS_FLAGS, type VerdictContext } from '@camelid/consensus'
import { ScriptCache } from './script-cache.ts'
import { ScriptChecker } from './script-checker.ts'
import type { ScriptSpend } from './script-spend.ts'
import { ScriptThreads } from './script-threads.ts'
import { FALSE, spending, TRUE } from './testing/spends.ts'
import { Turns } from './turns.ts'

const log = { error: () => undefined }
const flags = CONSENSUS_FLAGS

function checkerWith(
  count: number,
  options: { module?: URL; newTurns?: () => Turns; stopping?: AbortSignal } = {},
): { checker: ScriptChecker; threads: ScriptThreads } {
  const { module, newTurns, stopping = new AbortController().signal } = options
  const threads = new ScriptThreads({ count, log, ...(module === undefined ? {} : { module }) })
  const cache = new ScriptCache(new Uint8Array(8), 64)
  return { threads, checker: new ScriptChecker({ cache, threads, stopping, ...(newTurns ? { newTurns } : {}) }) }
}

const codes = async (checker: ScriptChecker, spends: readonly ScriptSpend[]) =>
  (await checker.check(spends, { flags })).map((error) => error?.code ?? null)

test('one bad input among many is found, and named', async () => {
  const { checker } = checkerWith(0)
  assert.deepEqual(await codes(checker, [spending([TRUE, TRUE, TRUE]), spending([TRUE, FALSE, TRUE])]), [
    null,
    'EVAL_FALSE',
  ])
  await assert.rejects(checker.checkAll([spending([TRUE], 1), spending([FALSE], 2)], flags), { code: 'EVAL_FALSE' })
  await assert.rejects(checker.check([{ ...spending([TRUE, TRUE], 3), spent: [] }], { flags }), RangeError)
})

test('threads say the same as one alone, of large transactions too', async () => {
  const spends = Array.from({ length: 200 }, (_, n) =>
    spending(new Array<Uint8Array>(n % 50 === 7 ? 100 : 3).fill(TRUE).with(n % 3, n % 7 === 0 ? FALSE : TRUE), n),
  )
  const { checker: alone } = checkerWith(0)
  const { checker, threads } = checkerWith(2)
  await using _ = threads
  assert.deepEqual(await codes(checker, spends), await codes(alone, spends))
  assert.equal(threads.running, 2)
  await assert.rejects(checker.checkAll(spends, flags), { code: 'EVAL_FALSE', score: 100 })
})

test('what a thread dies over is judged here, and another thread takes its place', async () => {
  const { checker, threads } = checkerWith(1, { module: new URL('./testing/crashing-thread.ts', import.meta.url) })
  await using _ = threads
  const spends = Array.from({ length: 100 }, (_unused, n) => spending([TRUE, n === 60 ? FALSE : TRUE], n))
  const found = await codes(checker, spends)
  assert.deepEqual(
    found.flatMap((code, n) => (code === null ? [] : [n])),
    [60],
  )
  assert.ok(threads.running <= 1)
})

test('what held is not run again, but a spend by verdict always is', async () => {
  const { checker } = checkerWith(0)
  const spend = spending([TRUE])
  await checker.checkAll([spend], flags)
  // Other outputs under the same id, which cannot be: seen only where the scripts run.
  const altered = { ...spend, spent: [{ value: 1n, scriptPubKey: FALSE }] }
  await checker.checkAll([altered], flags)
  assert.equal(checker.cache.hits, 1)
  await assert.rejects(checker.check([altered], { flags, anew: true }).then(throwFirst), { code: 'EVAL_FALSE' })

  const context: VerdictContext = { height: 1, verdictLife: 1, blockHash: () => null, committee: () => [] }
  const verdict = { ...spending([TRUE], 1), context }
  await checker.checkAll([verdict], flags)
  assert.equal(checker.cache.has(verdict.txid, flags), false)
  await assert.rejects(checker.checkAll([{ ...verdict, spent: altered.spent }], flags), { code: 'EVAL_FALSE' })
  await assert.rejects(checker.checkAll([spending([FALSE], 2)], flags))
  assert.equal(checker.cache.has(spending([FALSE], 2).txid, flags), false)
})

test('between the inputs of one transaction others get their turn', async () => {
  const { checker } = checkerWith(0, { newTurns: () => new Turns(0) })
  let turns = 0
  const count = (): void => {
    turns++
    waiting = setImmediate(count)
  }
  let waiting = setImmediate(count)
  await checker.checkAll([spending(new Array(50).fill(TRUE))], flags)
  clearImmediate(waiting)
  assert.ok(turns >= 49, `${turns} turns`)
})

test('nobody waits for scripts when the service stops', async () => {
  const { checker } = checkerWith(0, { stopping: AbortSignal.abort() })
  await assert.rejects(checker.checkAll([spending([TRUE])], flags), { code: 'UNAVAILABLE' })
})

function throwFirst(results: readonly (Error | null)[]): void {
  const failure = results.find((error) => error !== null)
  if (failure) throw failure
}
