import { formatCoins } from '../amount.ts'
import { CliError } from '../cli-error.ts'
import { ClientApi } from '../client-api.ts'
import { EXIT } from '../exit-codes.ts'
import { checkJobId, jobDetail, type Receipt } from '../job-schemas.ts'
import { clean, printFields, printJson, printLine } from '../print.ts'

/** `camelid receipt`: exit code 3 where the output is INVALID, so that scripts see a cheat. Errors: NOT_FOUND. */
export async function showReceipt(id: string, { client, json }: { client: string; json?: true }): Promise<void> {
  const { receipt, state, error } = await new ClientApi(client).get(`/jobs/${checkJobId(id)}`, jobDetail)
  if (receipt === undefined) {
    const why = error === undefined ? `it is ${state}` : error.message
    throw new CliError('NOT_FOUND', `there is no receipt for this job: ${why}`)
  }
  if (json) printJson(receipt)
  else printReceipt(receipt)
  if (receipt.verdict === 'INVALID') process.exitCode = EXIT.invalid
}

function describeCheck({ checkedBy, neighbours, positionsChecked, misses, maxMargin, tokens }: Receipt): string {
  if (checkedBy === 'neighbours')
    return `${positionsChecked} of ${tokens} positions checked by ${neighbours} neighbours, ${misses} misses`
  const margin = maxMargin === null ? 'unbounded' : maxMargin.toFixed(4)
  return `${positionsChecked} positions checked, ${misses} misses, largest margin ${margin}`
}

function printReceipt(receipt: Receipt): void {
  const { verdict, firstDivergence, reason, balances } = receipt
  const coins = (units: string | null) => (units === null ? 'unknown' : formatCoins(units))
  const moved = ({ before, after }: Receipt['balances'], who: 'client' | 'node') =>
    `${coins(before[who])} → ${coins(after[who])}`
  printFields([
    ['job', receipt.jobId],
    ['model', `${receipt.model} (${receipt.modelSha256})`],
    ['tokens', String(receipt.tokens)],
    ['verdict', `${verdict}: ${describeCheck(receipt)}`],
    ['checkedBy', receipt.checkedBy],
    ...(verdict === 'VALID' ? [] : [['why', reason] as const]),
    ...(firstDivergence < 0 ? [] : [['diverges', `at output position ${firstDivergence}`] as const]),
    ['payment', receipt.txid],
    [
      'block',
      receipt.blockHash === null
        ? 'not mined yet'
        : `${receipt.blockHash} (height ${receipt.height}, ${receipt.confirmations} confirmations)`,
    ],
    ['reward', `${formatCoins(receipt.reward)} coins to ${receipt.node}`],
    ['fee', `${formatCoins(receipt.fee)} coins`],
    [
      'times',
      `${receipt.generateMs} ms to the commitment, ${receipt.verifyMs} ms to verify, ${receipt.latencyMs} ms to the checked output`,
    ],
    ['client', moved(balances, 'client')],
    ['node', moved(balances, 'node')],
  ])
  printLine(`\n${clean(receipt.input)}${clean(receipt.output)}`)
}
