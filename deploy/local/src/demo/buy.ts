import type { Writable } from 'node:stream'
import type { DemoOptions } from './options.ts'
import { Parties, type PartyAddresses } from './parties.ts'
import { printReceipt } from './print-receipt.ts'
import { printableJson } from './printable.ts'
import { balancesAgree } from './receipt.ts'
import { runJob } from './run-job.ts'

interface BuyOptions {
  addresses: PartyAddresses
  options: DemoOptions
  out: Writable & { isTTY?: boolean }
  /** The receipt once more as one line of JSON, last, for programs. */
  json: boolean
  signal: AbortSignal
}

/**
 * Buys one completion from a testnet that runs already and prints the receipt.
 *
 * @returns the exit code: 0 only where the payment is mined, the output VALID, and both balances changed by exactly
 *   the reward and the fee
 */
export async function buy({ addresses, options, out, json, signal }: BuyOptions): Promise<number> {
  using parties = new Parties(addresses)
  const receipt = await runJob(parties, options, out, signal)
  printReceipt(out, receipt)
  const settled = balancesAgree(receipt)
  if (!settled)
    out.write('The balances did not change by exactly the reward and the fee: other coins moved meanwhile.\n')
  if (json) out.write(`${printableJson(receipt)}\n`)
  return settled && receipt.verdict === 'VALID' ? 0 : 1
}
