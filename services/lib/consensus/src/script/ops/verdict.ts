import type { Transaction } from '@camelid/codec'
import { equalBytes, isStrictDer } from '@camelid/crypto'
import { type Attestation, judgeVerdict, type VerdictRefusal } from '../../committee/judge-verdict.ts'
import { Verdict } from '../../committee/verdict-statement.ts'
import { parseLaxDer } from '../lax-der.ts'
import { type Machine, type Operation, peek, pop, pushBool } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { ScriptError } from '../script-error.ts'
import { decodeScriptNumber } from '../script-number.ts'
import { isHighS } from '../signature-encoding.ts'
import { SigHash, signatureHash } from '../signature-hash.ts'
import { parseBond } from '../template/bond.ts'
import { isOpReturn, parseOpReturn } from '../template/op-return.ts'
import { selectsVerdict, TESTAMENT_DATA_BYTES } from '../verdict-spend.ts'

/** CHECKVERDICT (protocol: OP_CHECKVERDICT). Where its flag is off, 0xb3 is NOP4 and never gets here. */
export const VERDICT_OPERATIONS: Readonly<Record<number, Operation>> = { [OP.CHECKVERDICT]: checkVerdict }

/** 0xb3 stands in exact bond scripts alone, run as the output's own script. Throws VERDICT_OUT_OF_PLACE, taken branch or not. */
export function checkVerdictInPlace(machine: Machine): void {
  if (machine.place === 'output' && parseBond(machine.script) !== null) return
  throw new ScriptError('VERDICT_OUT_OF_PLACE', 'CHECKVERDICT stands only in the IF branch of an exact bond output')
}

function checkVerdict(machine: Machine): void {
  const { tx, index, mode, context } = machine.spend
  const scriptSig = tx.vin[index]?.scriptSig
  if (scriptSig === undefined || !selectsVerdict(scriptSig)) {
    throw malformed('the scriptSig is not pushes that end in OP_1')
  }
  const nodeKey = pop(machine)
  const height = popMinimal(machine, 'H')
  const verdict = verdictOf(popMinimal(machine, 'verdict'))
  const count = popMinimal(machine, 'q')
  if (count < 0 || height < 0) throw malformed('q or H is negative')
  const attestations = popAttestations(machine, count)
  if (!namesTestament(tx, height)) throw refused('NOT_A_TESTAMENT')
  if (context === undefined) {
    throw new ScriptError('NO_VERDICT_CONTEXT', 'a spend by verdict is judged without the chain it depends on')
  }
  const sighash = signatureHash(tx, index, machine.script, SigHash.ALL, mode)
  const refusal = judgeVerdict({ jobId: tx.jobId, nodeKey, verdict, height, sighash, attestations }, context)
  if (refusal !== null) throw refused(refusal)
  pushBool(machine, true)
}

/** Exactly one input, exactly one OP_RETURN output, whose data is one push of fundingOutpoint 36 ‖ H u32. */
function namesTestament(tx: Transaction, height: number): boolean {
  if (tx.vin.length !== 1) return false
  const [output, ...others] = tx.vout.filter(({ scriptPubKey }) => isOpReturn(scriptPubKey))
  if (output === undefined || others.length > 0) return false
  const data = parseOpReturn(output.scriptPubKey)
  if (data?.length !== TESTAMENT_DATA_BYTES) return false
  const named = new Uint8Array(4)
  new DataView(named.buffer).setUint32(0, height, true)
  return equalBytes(data.subarray(36), named)
}

function popMinimal(machine: Machine, name: string): number {
  try {
    return decodeScriptNumber(pop(machine), true)
  } catch (cause) {
    if (cause instanceof ScriptError && cause.code === 'SCRIPTNUM') throw malformed(`${name} is no minimal number`)
    throw cause
  }
}

function verdictOf(number: number): Verdict {
  if (number === Verdict.INVALID || number === Verdict.NO_OUTPUT) return number
  throw malformed(`${number} is no verdict`)
}

/** Takes `count` attestations, memberIndex u8 ‖ strict low-S DER each, indices ascending from the deepest. */
function popAttestations(machine: Machine, count: number): Attestation[] {
  // Looked up before it is taken: a count beyond the stack is an error of the stack, whatever its size.
  if (count > 0) peek(machine, count - 1)
  const items = machine.stack.splice(machine.stack.length - count, count)
  let previous = -1
  return items.map((item) => {
    const memberIndex = item[0]
    const der = item.subarray(1)
    const signature = parseLaxDer(der)
    if (memberIndex === undefined || signature === null || !isStrictDer(der) || isHighS(der)) {
      throw malformed('an attestation is not memberIndex and strict low-S DER')
    }
    if (memberIndex <= previous) throw malformed('attestations are not in ascending order of their members')
    previous = memberIndex
    return { memberIndex, signature }
  })
}

/**
 * A false CHECKVERDICT. It stands nowhere but before VERIFY, so failing at once is the same script, and says why. Blameless, since most
 * reasons depend on the chain: who sent it may stand on another tip.
 */
function refused(reason: VerdictRefusal | 'NOT_A_TESTAMENT'): ScriptError {
  return new ScriptError('VERDICT_REFUSED', `the verdict releases nothing: ${reason}`, { reason })
}

function malformed(what: string): ScriptError {
  return new ScriptError('BAD_VERDICT', `CHECKVERDICT: ${what}`)
}
