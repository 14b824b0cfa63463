import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Transaction } from '@camelid/codec'
import { bigIntToBytes32, bytesToBigInt, concatBytes, encodeDer, hash160, sign } from '@camelid/crypto'
import { Verdict, verdictStatementHash } from '../../committee/verdict-statement.ts'
import {
  attest,
  BLOCK_HASH,
  BOND,
  BOND_SCRIPT,
  chainAt,
  FUNDING,
  HEIGHT,
  NODE,
  nodeSignature,
  PARAMS,
  STRANGER,
  testament,
  withScriptSig,
} from '../../testing/testament.ts'
import { CONSENSUS_FLAGS, ScriptFlag, STANDARD_FLAGS } from '../flags.ts'
import { OP } from '../opcodes.ts'
import { pushData, pushNumber } from '../push-data.ts'
import { ScriptError } from '../script-error.ts'
import { signInput } from '../sign-p2pkh-input.ts'
import { SigHash, signatureHash } from '../signature-hash.ts'
import { bondScript } from '../template/bond.ts'
import { opReturnScript } from '../template/op-return.ts'
import { p2shScript } from '../template/p2sh.ts'
import { verdictRequest, verdictScriptSig } from '../verdict-spend.ts'
import { verifyInput } from '../verify-input.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

type Parts = Parameters<typeof verdictScriptSig>[0]

/** The honest slash of a testament, with changes. */
function slash(tx: Transaction = testament(), changes: Partial<Parts> = {}): Transaction {
  const attestations = attest(tx, Verdict.INVALID).slice(0, 2)
  const parts = { nodeSignature: nodeSignature(tx), attestations, verdict: Verdict.INVALID, height: HEIGHT, ...changes }
  return withScriptSig(tx, verdictScriptSig(parts))
}

function outcome(tx: Transaction, height = HEIGHT + 1, flags: number = STANDARD_FLAGS, spent = BOND): string {
  try {
    verifyInput({ tx, index: 0, spent, flags, context: chainAt(height) })
    return 'OK'
  } catch (error) {
    if (error instanceof ScriptError) return error.code === 'VERDICT_REFUSED' ? String(error.data.reason) : error.code
    throw error
  }
}

const raw = (...parts: Uint8Array[]): Transaction => withScriptSig(testament(), concatBytes(...parts))
const items = (tx = testament()): Uint8Array[] =>
  attest(tx, Verdict.INVALID)
    .slice(0, 2)
    .map(({ memberIndex, der }) => pushData(concatBytes(Uint8Array.of(memberIndex), der)))

test('exactly the quorum releases the testament, by consensus and by policy', () => {
  assert.equal(outcome(slash()), 'OK')
  assert.equal(outcome(slash(), HEIGHT + 1, CONSENSUS_FLAGS), 'OK')
  const tx = testament()
  const noOutput = attest(tx, Verdict.NO_OUTPUT).slice(1)
  assert.equal(outcome(slash(tx, { attestations: noOutput, verdict: Verdict.NO_OUTPUT })), 'OK')
})

test('one attestation more or less than the quorum is no verdict', () => {
  const tx = testament()
  const all = attest(tx, Verdict.INVALID)
  assert.equal(outcome(slash(tx, { attestations: all.slice(0, 1) })), 'NO_QUORUM')
  assert.equal(outcome(slash(tx, { attestations: all })), 'NO_QUORUM')
  assert.equal(outcome(slash(tx, { attestations: [] })), 'NO_QUORUM')
})

test('members out of order, and one member twice, are malformed', () => {
  const tx = testament()
  const [first, second] = attest(tx, Verdict.INVALID)
  assert.ok(first && second)
  assert.equal(outcome(slash(tx, { attestations: [second, first] })), 'BAD_VERDICT')
  assert.equal(outcome(slash(tx, { attestations: [first, first] })), 'BAD_VERDICT')
})

test('a high-S attestation is malformed', () => {
  const tx = testament()
  const [first, second] = attest(tx, Verdict.INVALID)
  assert.ok(first && second)
  const highS = bigIntToBytes32(ORDER - bytesToBigInt(second.compact.subarray(32)))
  const der = encodeDer(concatBytes(second.compact.subarray(0, 32), highS))
  assert.equal(outcome(slash(tx, { attestations: [first, { ...second, der }] })), 'BAD_VERDICT')
})

test('an attestation with a type byte, cut off or empty is malformed', () => {
  const tx = testament()
  const [first, second] = attest(tx, Verdict.INVALID)
  assert.ok(first && second)
  for (const der of [concatBytes(second.der, Uint8Array.of(1)), second.der.subarray(0, -1), new Uint8Array()]) {
    assert.equal(outcome(slash(tx, { attestations: [first, { ...second, der }] })), 'BAD_VERDICT')
  }
})

test('attestations of another sighash, verdict, job or block release nothing', () => {
  const tx = testament()
  const otherSpend = testament({ lockTime: 0 })
  const wrong = [
    attest(tx, Verdict.INVALID, signatureHash(otherSpend, 0, BOND_SCRIPT, SigHash.ALL)),
    attest(tx, Verdict.NO_OUTPUT),
    attest(testament({ jobId: new Uint8Array(32).fill(5) }), Verdict.INVALID),
  ]
  for (const attestations of wrong) {
    assert.equal(outcome(slash(tx, { attestations: attestations.slice(0, 2) })), 'BAD_ATTESTATION')
  }
})

test('a member index beyond the committee, or a stranger in a member’s place, releases nothing', () => {
  const tx = testament()
  const [first, second] = attest(tx, Verdict.INVALID)
  assert.ok(first && second)
  const sighash = signatureHash(tx, 0, BOND_SCRIPT, SigHash.ALL)
  const statement = { jobId: tx.jobId, verdict: Verdict.INVALID, height: HEIGHT, blockHash: BLOCK_HASH, sighash }
  const der = encodeDer(sign(verdictStatementHash(statement), STRANGER.secret))
  assert.equal(outcome(slash(tx, { attestations: [first, { memberIndex: 1, der }] })), 'BAD_ATTESTATION')
  assert.equal(outcome(slash(tx, { attestations: [first, { memberIndex: 200, der: second.der }] })), 'NOT_A_MEMBER')
})

test('the verdict holds in the blocks after H, up to V of them', () => {
  assert.equal(outcome(slash(), HEIGHT), 'HEIGHT_NOT_REACHED')
  assert.equal(outcome(slash(), HEIGHT + 1), 'OK')
  assert.equal(outcome(slash(), HEIGHT + PARAMS.verdictLife), 'OK')
  assert.equal(outcome(slash(), HEIGHT + PARAMS.verdictLife + 1), 'VERDICT_EXPIRED')
})

test('another H than that of the OP_RETURN, or one whose block is unknown, releases nothing', () => {
  assert.equal(outcome(slash(testament(), { height: HEIGHT - 1 })), 'NOT_A_TESTAMENT')
  const elsewhere = { ...chainAt(HEIGHT + 1), blockHash: () => null }
  const spend = { tx: slash(), index: 0, spent: BOND, flags: CONSENSUS_FLAGS, context: elsewhere }
  assert.throws(() => verifyInput(spend), { code: 'VERDICT_REFUSED', score: 0, data: { reason: 'NO_COMMITTEE' } })
})

test('the OP_RETURN is one, of 40 bytes in one push; any value is allowed', () => {
  const [paid, named] = testament().vout
  assert.ok(paid && named)
  const data = named.scriptPubKey.subarray(2)
  const refused = [
    [paid],
    [paid, named, named],
    [paid, named, { value: 0n, scriptPubKey: Uint8Array.of(OP.RETURN) }],
    [paid, { value: 0n, scriptPubKey: opReturnScript(data.subarray(0, 39)) }],
    [paid, { value: 0n, scriptPubKey: opReturnScript(concatBytes(data, Uint8Array.of(0))) }],
    [paid, { value: 0n, scriptPubKey: concatBytes(Uint8Array.of(OP.RETURN, OP.PUSHDATA1, 40), data) }],
    [paid, { value: 0n, scriptPubKey: concatBytes(named.scriptPubKey, Uint8Array.of(OP.FALSE)) }],
  ]
  for (const vout of refused) assert.equal(outcome(slash(testament({ vout }))), 'NOT_A_TESTAMENT')
  assert.equal(outcome(slash(testament({ vout: [named] }))), 'OK')
  assert.equal(outcome(slash(testament({ vout: [{ ...named, value: 0n }, paid] }))), 'OK')
})

test('a second input releases nothing', () => {
  const [input] = testament().vin
  assert.ok(input)
  const tx = testament({ vin: [input, { ...input, prevout: FUNDING }] })
  assert.equal(outcome(slash(tx)), 'NOT_A_TESTAMENT')
})

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
