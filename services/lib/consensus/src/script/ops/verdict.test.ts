import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigIntToBytes32, bytesToBigInt, concatBytes, encodeDer, sign } from '@camelid/crypto'
import { Verdict, verdictStatementHash } from '../../committee/verdict-statement.ts'
import { outcome, slash } from '../../testing/slash.ts'
import {
  attest,
  BLOCK_HASH,
  BOND,
  BOND_SCRIPT,
  chainAt,
  FUNDING,
  HEIGHT,
  PARAMS,
  STRANGER,
  testament,
} from '../../testing/testament.ts'
import { CONSENSUS_FLAGS } from '../flags.ts'
import { OP } from '../opcodes.ts'
import { SigHash, signatureHash } from '../signature-hash.ts'
import { opReturnScript } from '../template/op-return.ts'
import { verifyInput } from '../verify-input.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

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
