import { verify } from '@camelid/crypto'
import { findAndDelete } from '../find-and-delete.ts'
import { ScriptFlag } from '../flags.ts'
import { parseLaxDer } from '../lax-der.ts'
import { hasFlag, type Machine, need, type Operation, peek, pop, popNumber, pushBool, verifyTop } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { ScriptError } from '../script-error.ts'
import { countOperations, MAX_MULTISIG_KEYS } from '../script-limits.ts'
import { checkPublicKeyEncoding, checkSignatureEncoding } from '../signature-encoding.ts'
import { signatureHash } from '../signature-hash.ts'

/** Signature checks (CHECKVERDICT has a file of its own). */
export const SIGNATURE_OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.CODESEPARATOR]: (machine) => {
    machine.codeStart = machine.next
  },
  [OP.CHECKSIG]: checkSig,
  [OP.CHECKSIGVERIFY]: (machine) => {
    checkSig(machine)
    verifyTop(machine, 'CHECKSIGVERIFY')
  },
  [OP.CHECKMULTISIG]: checkMultisig,
  [OP.CHECKMULTISIGVERIFY]: (machine) => {
    checkMultisig(machine)
    verifyTop(machine, 'CHECKMULTISIGVERIFY')
  },
}

function checkSig(machine: Machine): void {
  need(machine, 2)
  const key = pop(machine)
  const signature = pop(machine)
  const holds = signatureChecker(machine, [signature])(signature, key)
  if (!holds && signature.length > 0) refuseFailed(machine)
  pushBool(machine, holds)
}

/** Stack: dummy, signatures, their number, keys, their number. Signatures must stand in the order of their keys. */
function checkMultisig(machine: Machine): void {
  const keyCount = popNumber(machine)
  if (keyCount < 0 || keyCount > MAX_MULTISIG_KEYS) throw new ScriptError('PUBKEY_COUNT', `${keyCount} keys`)
  countOperations(machine, keyCount)
  const keys = popMany(machine, keyCount)
  const required = popNumber(machine)
  if (required < 0 || required > keyCount) throw new ScriptError('SIG_COUNT', `${required} signatures of ${keyCount}`)
  const signatures = popMany(machine, required)
  need(machine, 1)

  const check = signatureChecker(machine, signatures)
  let matched = 0
  // As long as enough keys are left for the signatures that are left.
  for (let k = 0; matched < required && required - matched <= keyCount - k; k++) {
    const signature = signatures[matched]
    const key = keys[k]
    if (signature === undefined || key === undefined) break
    if (check(signature, key)) matched++
  }
  const holds = matched === required
  if (!holds && signatures.some(({ length }) => length > 0)) refuseFailed(machine)

  // Bitcoin's original takes one item too many; by now everybody relies on it.
  const dummy = peek(machine)
  if (hasFlag(machine, ScriptFlag.NULLDUMMY) && dummy.length > 0) {
    throw new ScriptError('SIG_NULLDUMMY', 'the extra item of CHECKMULTISIG is not empty')
  }
  pop(machine)
  pushBool(machine, holds)
}

/** The top `count` items, topmost first. */
function popMany(machine: Machine, count: number): Uint8Array[] {
  need(machine, count)
  return machine.stack.splice(machine.stack.length - count, count).reverse()
}

/** A check of one signature against one key, for an operation that has `signatures`. */
function signatureChecker(machine: Machine, signatures: readonly Uint8Array[]) {
  const { flags } = machine.spend
  const code = machine.script.subarray(machine.codeStart)
  let scriptCode = code
  for (const signature of signatures) scriptCode = findAndDelete(scriptCode, signature)
  if (scriptCode !== code && (flags & ScriptFlag.CONST_SCRIPTCODE) !== 0) {
    throw new ScriptError('SIG_FINDANDDELETE', 'a script that contains its own signature')
  }
  // A script that lost a signature differs from operation to operation: its digests are kept for this one only.
  const digests = scriptCode === code ? machine.digests : new Map<string, Uint8Array>()
  return (signature: Uint8Array, key: Uint8Array): boolean => {
    checkSignatureEncoding(signature, flags)
    checkPublicKeyEncoding(key, flags)
    const hashType = signature.at(-1)
    const compact = parseLaxDer(signature.subarray(0, -1))
    if (hashType === undefined || compact === null) return false
    const digest = digestOf(machine, scriptCode, hashType, digests)
    // Where low-S is a rule it was judged as an encoding; where it is none, high-S counts, at the cost of its twin.
    return verify(compact, digest, key, { lowS: (flags & ScriptFlag.LOW_S) !== 0 })
  }
}

function digestOf(
  { spend, codeStart }: Machine,
  scriptCode: Uint8Array,
  hashType: number,
  digests: Map<string, Uint8Array>,
): Uint8Array {
  const name = `${codeStart}/${hashType}`
  const digest = digests.get(name) ?? signatureHash(spend.tx, spend.index, scriptCode, hashType, spend.mode)
  digests.set(name, digest)
  return digest
}

function refuseFailed(machine: Machine): void {
  if (hasFlag(machine, ScriptFlag.NULLFAIL)) {
    throw new ScriptError('NULLFAIL', 'a signature that fails must be empty')
  }
}
