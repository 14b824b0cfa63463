import type { Transaction } from '@camelid/codec'
import { concatBytes } from '@camelid/crypto'
import { Verdict } from '../committee/verdict-statement.ts'
import { STANDARD_FLAGS } from '../script/flags.ts'
import { pushData } from '../script/push-data.ts'
import { ScriptError } from '../script/script-error.ts'
import { verdictScriptSig } from '../script/verdict-spend.ts'
import { verifyInput } from '../script/verify-input.ts'
import { attest, BOND, chainAt, HEIGHT, nodeSignature, testament, withScriptSig } from './testament.ts'

type Parts = Parameters<typeof verdictScriptSig>[0]

/** The honest slash of a testament, with changes. */
export function slash(tx: Transaction = testament(), changes: Partial<Parts> = {}): Transaction {
  const attestations = attest(tx, Verdict.INVALID).slice(0, 2)
  const parts = { nodeSignature: nodeSignature(tx), attestations, verdict: Verdict.INVALID, height: HEIGHT, ...changes }
  return withScriptSig(tx, verdictScriptSig(parts))
}

/** OK, or why the spend of the bond fails. */
export function outcome(tx: Transaction, height = HEIGHT + 1, flags: number = STANDARD_FLAGS, spent = BOND): string {
  try {
    verifyInput({ tx, index: 0, spent, flags, context: chainAt(height) })
    return 'OK'
  } catch (error) {
    if (error instanceof ScriptError) return error.code === 'VERDICT_REFUSED' ? String(error.data.reason) : error.code
    throw error
  }
}

/** A testament with any scriptSig at all. */
export const raw = (...parts: Uint8Array[]): Transaction => withScriptSig(testament(), concatBytes(...parts))
/** The pushes of a quorum's attestations. */
export const items = (tx = testament()): Uint8Array[] =>
  attest(tx, Verdict.INVALID)
    .slice(0, 2)
    .map(({ memberIndex, der }) => pushData(concatBytes(Uint8Array.of(memberIndex), der)))
