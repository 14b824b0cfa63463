import type { Transaction } from '@camelid/codec'
import { ConsensusError } from '../error/consensus-error.ts'
import { classifyScript } from '../script/classify-script.ts'
import { isPushOnly } from '../script/read-instruction.ts'

/** Data bytes of a standard OP_RETURN, and keys of a standard bare multisig (protocol §3: Standard outputs). */
const MAX_DATA_BYTES = 80
const MAX_BARE_KEYS = 3
const MAX_SCRIPT_SIG_BYTES = 1_650

/** What the mempool asks beyond the rules: known forms of outputs, scriptSigs that only push. A block may break it. Throws NOT_STANDARD. */
export function checkTransactionStandard(tx: Transaction): void {
  for (const [i, { scriptSig }] of tx.vin.entries()) {
    if (scriptSig.length > MAX_SCRIPT_SIG_BYTES || !isPushOnly(scriptSig)) {
      throw new ConsensusError('NOT_STANDARD', `the scriptSig of input ${i} is long or does more than push`, {
        input: i,
      })
    }
  }
  let dataOutputs = 0
  for (const [i, { scriptPubKey }] of tx.vout.entries()) {
    const script = classifyScript(scriptPubKey)
    if (script.kind === 'opReturn') dataOutputs += 1
    const standard =
      script.kind !== 'nonstandard' &&
      (script.kind !== 'opReturn' || (dataOutputs === 1 && script.data.length <= MAX_DATA_BYTES)) &&
      (script.kind !== 'multisig' || script.keys.length <= MAX_BARE_KEYS)
    if (!standard) {
      throw new ConsensusError('NOT_STANDARD', `output ${i} has no standard script, or is a second or long OP_RETURN`, {
        output: i,
      })
    }
  }
}
