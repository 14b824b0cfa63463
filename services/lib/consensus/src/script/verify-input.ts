import { ScriptFlag } from './flags.ts'
import { isGoodP2pkhSpend } from './p2pkh-spend.ts'
import { isPushOnly } from './read-instruction.ts'
import { runScript } from './run-script.ts'
import { ScriptError } from './script-error.ts'
import { castToBool } from './script-number.ts'
import type { Spend } from './spend.ts'
import { parseP2sh } from './template/p2sh.ts'

/**
 * Runs the scripts of one input: its scriptSig, the output's script on what that leaves, and for P2SH the redeem script behind it.
 * The result of a spend by verdict depends on the chain: never cache it by txid. Throws ScriptError.
 */
export function verifyInput(spend: Spend): void {
  const { tx, index, spent, flags } = spend
  const input = tx.vin[index]
  if (input === undefined) throw new RangeError(`no input ${index} among ${tx.vin.length}`)
  if (isGoodP2pkhSpend(spend)) return
  const pushOnly = isPushOnly(input.scriptSig)
  if ((flags & ScriptFlag.SIGPUSHONLY) !== 0 && !pushOnly) throw notPushOnly()

  let stack: Uint8Array[] = []
  runScript(input.scriptSig, stack, spend, 'scriptSig')
  const pushed = [...stack]
  runScript(spent.scriptPubKey, stack, spend, 'output')
  checkTop(stack)

  if ((flags & ScriptFlag.P2SH) !== 0 && parseP2sh(spent.scriptPubKey) !== null) {
    if (!pushOnly) throw notPushOnly()
    stack = pushed
    const redeemScript = stack.pop()
    if (redeemScript === undefined) throw new ScriptError('EVAL_FALSE', 'a P2SH spend without its script')
    runScript(redeemScript, stack, spend, 'redeem')
    checkTop(stack)
  }
  if ((flags & ScriptFlag.CLEANSTACK) !== 0 && stack.length !== 1) {
    throw new ScriptError('CLEANSTACK', `${stack.length} items are left, exactly one wanted`)
  }
}

function checkTop(stack: readonly Uint8Array[]): void {
  const top = stack.at(-1)
  if (top === undefined || !castToBool(top)) throw new ScriptError('EVAL_FALSE', 'the script leaves nothing true')
}

function notPushOnly(): ScriptError {
  return new ScriptError('SIG_PUSHONLY', 'the scriptSig does more than push')
}
