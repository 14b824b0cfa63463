import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes } from '@camelid/crypto'
import fc from 'fast-check'
import { parseAsm } from '../testing/parse-asm.ts'
import { BOND, BOND_SCRIPT, chainAt, HEIGHT, testament, withScriptSig } from '../testing/testament.ts'
import { CONSENSUS_FLAGS, STANDARD_FLAGS } from './flags.ts'
import { OP } from './opcodes.ts'
import { pushData, pushNumber } from './push-data.ts'
import { isMinimalPush, pushedBytes, readInstruction } from './read-instruction.ts'
import { runScript } from './run-script.ts'
import { ScriptError } from './script-error.ts'
import { castToBool, decodeScriptNumber, encodeScriptNumber, isMinimalScriptNumber } from './script-number.ts'
import { verifyInput } from './verify-input.ts'

/** Scripts that get further than random bytes: known opcodes, small pushes and, now and then, rubbish. */
const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Object.values(OP)).map((opcode) => Uint8Array.of(opcode)) },
  { weight: 4, arbitrary: fc.integer({ min: -2, max: 20 }).map(pushNumber) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 80 }).map(pushData) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5 }) },
)
const script = fc.array(word, { maxLength: 60 }).map((words) => concatBytes(...words))

test('whatever the scripts, they hold or fail by name', () => {
  const property = fc.property(
    script,
    script,
    fc.constantFrom(0, CONSENSUS_FLAGS, STANDARD_FLAGS),
    (sig, pub, flags) => {
      const tx = withScriptSig(testament(), sig)
      try {
        verifyInput({ tx, index: 0, spent: { value: 1n, scriptPubKey: pub }, flags, context: chainAt(HEIGHT + 1) })
      } catch (error) {
        assert.ok(error instanceof ScriptError, String(error))
      }
    },
  )
  fc.assert(property, { numRuns: 2_000 })
})

test('a spend that only policy refuses blames nobody', () => {
  const refusal = (sig: Uint8Array, pub: Uint8Array, flags: number): ScriptError | undefined => {
    const tx = withScriptSig(testament(), sig)
    try {
      verifyInput({ tx, index: 0, spent: { value: 1n, scriptPubKey: pub }, flags, context: chainAt(HEIGHT + 1) })
      return undefined
    } catch (error) {
      return error instanceof ScriptError ? error : assert.fail(String(error))
    }
  }
  const check = (sig: Uint8Array, pub: Uint8Array): void => {
    const policy = refusal(sig, pub, STANDARD_FLAGS)
    if (refusal(sig, pub, CONSENSUS_FLAGS) === undefined) assert.equal(policy?.score ?? 0, 0, policy?.code)
  }
  fc.assert(fc.property(script, script, check), { numRuns: 3_000 })
  check(parseAsm('0x02 0x0100'), parseAsm('NOT NOT'))
  assert.equal(refusal(parseAsm('0x02 0x0100'), parseAsm('NOT NOT'), STANDARD_FLAGS)?.code, 'SCRIPTNUM')
  assert.equal(refusal(parseAsm('0x05 0x0101010101'), parseAsm('NOT NOT'), STANDARD_FLAGS)?.score, 100)
})

test('whatever the scriptSig, nobody but its node and a committee spends a bond', () => {
  const property = fc.property(script, fc.boolean(), (sig, slash) => {
    const selector = Uint8Array.of(slash ? OP.TRUE : OP.FALSE)
    const tx = withScriptSig(testament({ lockTime: 3_000 }), concatBytes(sig, selector))
    const spend = { tx, index: 0, spent: BOND, flags: CONSENSUS_FLAGS, context: chainAt(HEIGHT + 1) }
    assert.throws(() => verifyInput(spend), ScriptError)
  })
  fc.assert(property, { numRuns: 500 })
})

test('a script never writes into the bytes that it was given', () => {
  const source = parseAsm("'abc' DUP SIZE 2SWAP ROT TOALTSTACK FROMALTSTACK 1 ROLL 2 PICK TUCK NIP")
  const kept = source.slice()
  const given = [Uint8Array.of(9), Uint8Array.of(8)]
  const spend = { tx: testament(), index: 0, spent: BOND, flags: CONSENSUS_FLAGS }
  runScript(source, [...given], spend, 'output')
  assert.deepEqual(source, kept)
  assert.deepEqual(given, [Uint8Array.of(9), Uint8Array.of(8)])
  assert.equal(BOND_SCRIPT[0], OP.IF)
})

test('numbers come back from their minimal encoding, which is the only minimal one', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), (value) => {
      const bytes = encodeScriptNumber(value)
      assert.equal(decodeScriptNumber(bytes, true), value)
      assert.equal(castToBool(bytes), value !== 0)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), (bytes) => {
      const again = encodeScriptNumber(decodeScriptNumber(bytes, false))
      assert.equal(isMinimalScriptNumber(bytes), bytes.length === again.length && bytes.every((b, i) => b === again[i]))
    }),
  )
})

test('pushes are the shortest and push what they were given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const instruction = readInstruction(pushData(bytes), 0)
      assert.ok(instruction)
      assert.deepEqual(pushedBytes(instruction), bytes)
      assert.ok(isMinimalPush(instruction))
    }),
  )
})
