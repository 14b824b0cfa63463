import type { Transaction } from '@camelid/codec'
import { ConsensusError } from '../error/consensus-error.ts'
import type { NetworkParams } from '../params/network-params.ts'
import { classifyScript } from '../script/classify-script.ts'
import { isPushOnly } from '../script/read-instruction.ts'
import type { SpentOutput } from './spent-output.ts'
import { sigopsOf } from './transaction-sigops.ts'

/** Data bytes of a standard OP_RETURN, and keys of a standard bare multisig (protocol §3: Standard outputs). */
const MAX_DATA_BYTES = 80
const MAX_BARE_KEYS = 3
const MAX_SCRIPT_SIG_BYTES = 1_650
/** A twentieth of a block's, as in Bitcoin: what one transaction may ask for before a miner vouches for it. */
const MAX_SIGOPS = 4_000

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

/**
 * What the mempool asks of the outputs that a transaction spends, before it runs their scripts: known forms, since a miner may have put
 * anything into a block, and few signature checks. Throws NOT_STANDARD.
 */
export function checkInputsStandard(
  tx: Transaction,
  spent: readonly SpentOutput[],
  params: Pick<NetworkParams, 'committeeSize'>,
): void {
  const unknown = spent.findIndex(({ output }) => classifyScript(output.scriptPubKey).kind === 'nonstandard')
  if (unknown >= 0) {
    throw new ConsensusError('NOT_STANDARD', `input ${unknown} spends an output of no standard script`, {
      input: unknown,
    })
  }
  const sigops = sigopsOf(tx, spent, params)
  if (sigops > MAX_SIGOPS) {
    throw new ConsensusError('NOT_STANDARD', `${sigops} signature checks, at most ${MAX_SIGOPS} are relayed`, {
      sigops,
    })
  }
}
