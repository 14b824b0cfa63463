import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, encodeDer, hash160, sign } from '@camelid/crypto'
import { items, outcome, raw, slash } from '../../testing/slash.ts'
import {
  BOND,
  BOND_SCRIPT,
  chainAt,
  HEIGHT,
  NODE,
  nodeSignature,
  STRANGER,
  testament,
  withScriptSig,
} from '../../testing/testament.ts'
import { CONSENSUS_FLAGS, ScriptFlag } from '../flags.ts'
import { OP } from '../opcodes.ts'
import { pushData, pushNumber } from '../push-data.ts'
import { signInput } from '../sign-p2pkh-input.ts'
import { SigHash, signatureHash } from '../signature-hash.ts'
import { bondScript } from '../template/bond.ts'
import { opReturnScript } from '../template/op-return.ts'
import { p2shScript } from '../template/p2sh.ts'
import { verdictRequest } from '../verdict-spend.ts'
import { verifyInput } from '../verify-input.ts'

test('q, verdict and H are minimal numbers in their bounds', () => {
  const signature = pushData(nodeSignature(testament()))
  const one = Uint8Array.of(OP.TRUE)
  const h = pushNumber(HEIGHT)
  const padded = (n: number) => Uint8Array.of(2, n, 0)
  const two = pushNumber(2)
  const code = (...tail: Uint8Array[]) => outcome(raw(signature, ...items(), ...tail), HEIGHT + 1, CONSENSUS_FLAGS)
  assert.equal(code(two, one, h, one), 'OK')
  assert.equal(code(padded(2), one, h, one), 'BAD_VERDICT')
  assert.equal(code(two, padded(1), h, one), 'BAD_VERDICT')
  assert.equal(code(two, one, padded(HEIGHT), one), 'BAD_VERDICT')
  assert.equal(code(two, pushNumber(3), h, one), 'BAD_VERDICT')
  assert.equal(code(two, pushNumber(0), h, one), 'BAD_VERDICT')
  assert.equal(code(two, one, pushNumber(-HEIGHT), one), 'BAD_VERDICT')
  assert.equal(code(pushNumber(-1), one, h, one), 'BAD_VERDICT')
  assert.equal(code(pushNumber(4), one, h, one), 'INVALID_STACK_OPERATION')
  assert.equal(code(pushNumber(2 ** 31 - 1), one, h, one), 'INVALID_STACK_OPERATION')
})

test('the slash branch is chosen by OP_1 behind pushes alone', () => {
  const tail = [pushNumber(2), pushNumber(1), pushNumber(HEIGHT)]
  const signature = pushData(nodeSignature(testament()))
  const code = (...selector: number[]) =>
    outcome(raw(signature, ...items(), ...tail, Uint8Array.of(...selector)), HEIGHT + 1, CONSENSUS_FLAGS)
  assert.equal(code(OP.TRUE), 'OK')
  assert.equal(code(OP.TRUE + 1), 'BAD_VERDICT')
  assert.equal(code(1, OP.TRUE), 'BAD_VERDICT')
  assert.equal(code(OP.FALSE, OP.NOT), 'BAD_VERDICT')
  assert.equal(code(OP.TRUE, OP.NOP), 'BAD_VERDICT')
})

test('the node’s own signature is needed too', () => {
  const tx = testament()
  const foreign = concatBytes(
    encodeDer(sign(signatureHash(tx, 0, BOND_SCRIPT, SigHash.ALL), STRANGER.secret)),
    Uint8Array.of(1),
  )
  assert.equal(outcome(slash(tx, { nodeSignature: foreign }), HEIGHT + 1, CONSENSUS_FLAGS), 'EVAL_FALSE')
})

test('fewer than two members judge nobody', () => {
  const lonely = chainAt(HEIGHT + 1, [{ nodeKey: STRANGER.key, value: BOND.value, unbondHeight: 5_000 }])
  const spend = { tx: slash(), index: 0, spent: BOND, flags: CONSENSUS_FLAGS, context: lonely }
  assert.throws(() => verifyInput(spend), { code: 'VERDICT_REFUSED', data: { reason: 'NO_COMMITTEE' } })
})

test('a spend by verdict without the chain is the caller’s mistake', () => {
  const spend = { tx: slash(), index: 0, spent: BOND, flags: CONSENSUS_FLAGS }
  assert.throws(() => verifyInput(spend), { code: 'NO_VERDICT_CONTEXT', score: 0 })
})

test('after unbondHeight the node takes its bond back without any verdict, not before', () => {
  const tx = testament({ lockTime: 2_000 })
  const scriptSig = concatBytes(pushData(signInput(tx, 0, BOND_SCRIPT, NODE.secret)), Uint8Array.of(OP.FALSE))
  assert.equal(outcome(withScriptSig(tx, scriptSig)), 'OK')
  const early = testament({ lockTime: 1_999 })
  const earlySig = concatBytes(pushData(signInput(early, 0, BOND_SCRIPT, NODE.secret)), Uint8Array.of(OP.FALSE))
  assert.equal(outcome(withScriptSig(early, earlySig)), 'UNSATISFIED_LOCKTIME')
})

test('0xb3 outside an exact bond output is a script error, taken or not, and NOP4 without its flag', () => {
  const b3 = Uint8Array.of(OP.CHECKVERDICT)
  const almost = bondScript(NODE.key, 2_000)
  almost[almost.length - 1] = OP.NOP
  const longer = concatBytes(bondScript(NODE.key, 2_000), Uint8Array.of(OP.NOP))
  const untaken = Uint8Array.of(OP.TRUE, OP.FALSE, OP.IF, OP.CHECKVERDICT, OP.ENDIF)
  for (const scriptPubKey of [concatBytes(Uint8Array.of(OP.TRUE), b3), almost, longer, untaken]) {
    const code = outcome(slash(), HEIGHT + 1, CONSENSUS_FLAGS, { value: 1n, scriptPubKey })
    assert.equal(code, 'VERDICT_OUT_OF_PLACE')
  }
  const inScriptSig = withScriptSig(testament(), Uint8Array.of(OP.TRUE, OP.CHECKVERDICT))
  assert.equal(outcome(inScriptSig, HEIGHT + 1, CONSENSUS_FLAGS), 'VERDICT_OUT_OF_PLACE')
  const nop4 = { value: 1n, scriptPubKey: concatBytes(Uint8Array.of(OP.TRUE), b3) }
  const flags = CONSENSUS_FLAGS & ~ScriptFlag.CHECKVERDICT
  assert.equal(outcome(testament(), HEIGHT + 1, flags, nop4), 'OK')
})

test('a bond script inside P2SH is no bond', () => {
  const tx = slash()
  const inside = withScriptSig(tx, concatBytes(tx.vin[0]?.scriptSig ?? new Uint8Array(), pushData(BOND_SCRIPT)))
  const spent = { value: 1n, scriptPubKey: p2shScript(hash160(BOND_SCRIPT)) }
  assert.equal(outcome(inside, HEIGHT + 1, CONSENSUS_FLAGS, spent), 'VERDICT_OUT_OF_PLACE')
})

test('what must be fetched from the chain is read from the scriptSig', () => {
  assert.deepEqual(verdictRequest(slash(), BOND), { height: HEIGHT, jobId: testament().jobId, nodeKey: NODE.key })
  assert.equal(verdictRequest(testament(), BOND), null)
  assert.equal(verdictRequest(slash(), { value: 1n, scriptPubKey: opReturnScript(NODE.key) }), null)
})
