import type { Transaction, TxOut } from '@camelid/codec'
import { concatBytes } from '@camelid/crypto'
import type { Verdict } from '../committee/verdict-statement.ts'
import { OP } from './opcodes.ts'
import { pushData, pushNumber } from './push-data.ts'
import { type Instruction, instructions, pushedBytes } from './read-instruction.ts'
import { decodeScriptNumber, isMinimalScriptNumber } from './script-number.ts'
import { parseBond } from './template/bond.ts'

/** Bytes of the OP_RETURN data of a testament: fundingOutpoint 36 ‖ H u32. */
export const TESTAMENT_DATA_BYTES = 40

/**
 * Whether a scriptSig takes the IF branch of a bond the one way that CHECKVERDICT allows: nothing but pushes, the last of them OP_1. Any
 * other scriptSig either takes the ELSE branch or fails, so this tells a spend by verdict without running it.
 */
export function selectsVerdict(scriptSig: Uint8Array): boolean {
  return verdictPushes(scriptSig) !== null
}

/** `<nodeSig> <att…> <q> <verdict> <H> 1`: attestations are memberIndex u8 ‖ DER, given in ascending order (protocol: OP_CHECKVERDICT). */
export function verdictScriptSig(parts: {
  /** DER ‖ hash type ALL. */
  readonly nodeSignature: Uint8Array
  readonly attestations: readonly { readonly memberIndex: number; readonly der: Uint8Array }[]
  readonly verdict: Verdict
  readonly height: number
}): Uint8Array {
  const { nodeSignature, attestations, verdict, height } = parts
  return concatBytes(
    pushData(nodeSignature),
    ...attestations.map(({ memberIndex, der }) => pushData(concatBytes(Uint8Array.of(memberIndex), der))),
    pushNumber(attestations.length),
    pushNumber(verdict),
    pushNumber(height),
    Uint8Array.of(OP.TRUE),
  )
}

/** What of the chain must be fetched before a spend by verdict can be judged. */
export interface VerdictRequest {
  /** H: the hash of this block, and the bonds unspent at H − A, decide. */
  readonly height: number
  readonly jobId: Uint8Array
  readonly nodeKey: Uint8Array
}

/**
 * What a transaction's verdict refers to, or null where it spends no bond by verdict, or names no height: such a transaction is judged
 * without a context. `spent` is the output that input 0 spends.
 */
export function verdictRequest(tx: Transaction, spent: TxOut): VerdictRequest | null {
  const bond = parseBond(spent.scriptPubKey)
  const scriptSig = tx.vin[0]?.scriptSig
  const pushes = bond === null || scriptSig === undefined ? null : verdictPushes(scriptSig)
  const last = pushes?.at(-2)
  const item = last === undefined ? null : pushedBytes(last)
  if (bond === null || item === null || item.length > 4 || !isMinimalScriptNumber(item)) return null
  const height = decodeScriptNumber(item, true)
  return height < 0 ? null : { height, jobId: tx.jobId, nodeKey: bond.nodeKey }
}

function verdictPushes(scriptSig: Uint8Array): Instruction[] | null {
  if (scriptSig.at(-1) !== OP.TRUE) return null
  const pushes: Instruction[] = []
  for (const push of instructions(scriptSig)) {
    if (push === null || push.opcode > OP.N16) return null
    pushes.push(push)
  }
  return pushes.at(-1)?.opcode === OP.TRUE ? pushes : null
}
