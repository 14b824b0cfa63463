import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID } from '@camelid/codec'
import { concatBytes, hash160 } from '@camelid/crypto'
import { Verdict } from '../committee/verdict-statement.ts'
import { OP } from '../script/opcodes.ts'
import { pushData } from '../script/push-data.ts'
import { opReturnScript } from '../script/template/op-return.ts'
import { p2pkhScript } from '../script/template/p2pkh.ts'
import { verdictScriptSig } from '../script/verdict-spend.ts'
import { BOND, FUNDING, HEIGHT, NODE, nodeSignature, testament, withScriptSig } from '../testing/testament.ts'
import { settlementEntry, settlementKey } from './settlement-entry.ts'

const H2 = hash160(NODE.key)
const PAID = { value: 5n, scriptPubKey: p2pkhScript(H2) }
const NAMES_NODE = { value: 0n, scriptPubKey: opReturnScript(H2) }

/** A payment for the job whose funding outpoint is FUNDING. */
const payment = testament({
  vin: [{ prevout: FUNDING, scriptSig: new Uint8Array(), sequence: 0xfffffffe }],
  vout: [PAID, NAMES_NODE],
})
const tx = testament()
const slash = withScriptSig(
  tx,
  verdictScriptSig({ nodeSignature: nodeSignature(tx), attestations: [], verdict: Verdict.INVALID, height: HEIGHT }),
)

test('a payment takes its first prevout, the job and the node it names', () => {
  assert.deepEqual(settlementEntry(payment, [PAID]), { outpoint: FUNDING, jobId: payment.jobId, h2: H2 })
})

test('the payment and the slash of one node for one job have the same entry', () => {
  const paid = settlementEntry(payment, [PAID])
  const slashed = settlementEntry(slash, [BOND])
  assert.ok(paid && slashed)
  assert.equal(settlementKey(slashed), settlementKey(paid))
})

test('a transaction for no job adds nothing, one that names no node adds zeros', () => {
  assert.equal(settlementEntry({ ...payment, jobId: NULL_JOB_ID }, [PAID]), null)
  const nobody = new Uint8Array(20)
  const named = (vout: typeof payment.vout) => settlementEntry({ ...payment, vout }, [PAID])?.h2
  assert.deepEqual(named([PAID]), nobody)
  assert.deepEqual(named([{ value: 0n, scriptPubKey: opReturnScript(new Uint8Array(19).fill(1)) }]), nobody)
  assert.deepEqual(named([NAMES_NODE, NAMES_NODE]), nobody)
})

test('a bond taken back by its node, and a payment dressed as a slash, take only their own place', () => {
  const back = withScriptSig(tx, concatBytes(pushData(nodeSignature(tx)), Uint8Array.of(OP.FALSE)))
  assert.deepEqual(settlementEntry(back, [BOND])?.outpoint, tx.vin[0]?.prevout)
  // The scriptSig and the OP_RETURN of a slash, but no bond behind it.
  assert.deepEqual(settlementEntry(slash, [PAID])?.outpoint, tx.vin[0]?.prevout)
})
