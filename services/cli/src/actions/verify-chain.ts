import { displayHash } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { type ChainCheck, ChainService, type VerifiedState } from '@camelid/proto/chain/v1/chain_pb'
import { formatCoins } from '../amount.ts'
import { CliError } from '../cli-error.ts'
import { clean, printJson, printLine } from '../print.ts'
import { ProgressLine } from '../print-progress.ts'
import { withService } from '../rpc-call.ts'

/** `camelid chain verify`: a line for each check, then the hash of the state. Errors: VERIFY_FAILED with the first finding's name. */
export async function verifyChain({ chain, json }: { chain: string; json?: true }): Promise<void> {
  const checks: ChainCheck[] = []
  const state = await withService({ name: 'chain', definition: ChainService, address: chain }, async (client) => {
    using line = new ProgressLine()
    for await (const { told } of client.verifyChain({})) {
      if (told.case === 'progress') line.show(told.value)
      else if (told.case === 'check') {
        line.clear()
        checks.push(told.value)
        if (!json) printCheck(told.value)
      } else if (told.case === 'state') return told.value
    }
    throw new CliError('INTERRUPTED', 'the chain service ended before it was done: run it again')
  })
  if (json) printJson(viewOf(state, checks))
  else printState(state)
  const [fault] = checks.filter(({ code }) => code !== '')
  if (fault !== undefined)
    throw new CliError(
      'VERIFY_FAILED',
      `${state.faults} of ${checks.length} checks failed, the first is ${clean(fault.code)}: make the tables again with camelid chain reindex`,
    )
}

function printCheck({ name, detail, code }: ChainCheck): void {
  printLine(
    `${code === '' ? 'ok  ' : 'BAD '}  ${clean(name).padEnd(12)}  ${code === '' ? '' : `${clean(code)}: `}${clean(detail)}`,
  )
}

function printState({ hash, height, tipHash, value }: VerifiedState): void {
  if (hash.length === 0) return
  printLine(`tip     ${height}  ${displayHash(tipHash)}`)
  printLine(`coins   ${formatCoins(value)}`)
  printLine(`hash    ${bytesToHex(hash)}`)
}

function viewOf(state: VerifiedState, checks: readonly ChainCheck[]) {
  const { hash, height, tipHash, coins, settlements, bonds, value, faults } = state
  return {
    ok: faults === 0,
    hash: bytesToHex(hash),
    height,
    tipHash: displayHash(tipHash),
    coins,
    settlements,
    bonds,
    value,
    checks: checks.map(({ name, detail, code }) => ({
      name,
      ok: code === '',
      detail,
      ...(code === '' ? {} : { code }),
    })),
  }
}
