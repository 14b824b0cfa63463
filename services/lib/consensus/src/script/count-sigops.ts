import { OP } from './opcodes.ts'
import { instructions, isPushOnly, pushedBytes, skipInstruction } from './read-instruction.ts'
import { MAX_MULTISIG_KEYS } from './script-limits.ts'
import { parseP2sh } from './template/p2sh.ts'

/**
 * Signature checks that a script may ask for, counted without running it, up to the first cut-off push. CHECKMULTISIG counts its keys where
 * `accurate` and they are pushed right before it, else 20. CHECKVERDICT counts `committeeSize` (protocol: OP_CHECKVERDICT).
 */
export function countSigops(script: Uint8Array, committeeSize: number, accurate = false): number {
  let count = 0
  let previous = 0
  // By opcodes alone: this is done for every script of every transaction.
  for (let offset = 0; offset < script.length; ) {
    const opcode = script[offset] ?? 0
    const next = skipInstruction(script, offset)
    if (next < 0) break
    if (opcode === OP.CHECKSIG || opcode === OP.CHECKSIGVERIFY) count += 1
    else if (opcode === OP.CHECKVERDICT) count += committeeSize
    else if (opcode === OP.CHECKMULTISIG || opcode === OP.CHECKMULTISIGVERIFY) {
      const keys = previous - OP.TRUE + 1
      count += accurate && keys >= 1 && keys <= 16 ? keys : MAX_MULTISIG_KEYS
    }
    previous = opcode
    offset = next
  }
  return count
}

/** Signature checks inside the redeem script of a P2SH spend; 0 for other outputs. */
export function countP2shSigops(scriptSig: Uint8Array, spentScript: Uint8Array, committeeSize: number): number {
  if (parseP2sh(spentScript) === null || !isPushOnly(scriptSig)) return 0
  let redeemScript: Uint8Array | null = null
  for (const push of instructions(scriptSig)) redeemScript = push === null ? null : pushedBytes(push)
  return redeemScript === null ? 0 : countSigops(redeemScript, committeeSize, true)
}
