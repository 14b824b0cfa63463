import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { CONSENSUS_FLAGS } from '@camelid/consensus'
import { checkScripts, Turns } from './check-scripts.ts'

const TRUE = Uint8Array.of(0x51)
const FALSE = Uint8Array.of(0x00)

/** A transaction that spends outputs of these scripts without a word. */
function spending(scripts: readonly Uint8Array[]) {
  const tx: Transaction = {
    version: 1,
    vin: scripts.map((_, index) => ({
      prevout: { txid: new Uint8Array(32).fill(1), index },
      scriptSig: new Uint8Array(),
      sequence: 0xffffffff,
    })),
    vout: [],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  return { tx, judged: { spent: scripts.map((scriptPubKey) => ({ value: 1n, scriptPubKey })), flags: CONSENSUS_FLAGS } }
}

test('one bad input among many is found', async () => {
  const good = spending([TRUE, TRUE, TRUE])
  await checkScripts(good.tx, good.judged)
  const bad = spending([TRUE, TRUE, FALSE, TRUE])
  await assert.rejects(checkScripts(bad.tx, bad.judged), { code: 'EVAL_FALSE' })
  await assert.rejects(checkScripts(bad.tx, { ...bad.judged, spent: [] }), RangeError)
})

test('between the inputs of one transaction others get their turn', async () => {
  const { tx, judged } = spending(new Array(50).fill(TRUE))
  let turns = 0
  const count = (): void => {
    turns++
    waiting = setImmediate(count)
  }
  let waiting = setImmediate(count)
  await checkScripts(tx, judged, new Turns(0))
  clearImmediate(waiting)
  assert.ok(turns >= 49, `${turns} turns`)
})
