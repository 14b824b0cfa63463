import type { Writable } from 'node:stream'
import { z } from 'zod'
import { readDemoOptions } from './options.ts'
import { Parties } from './parties.ts'
import { printReceipt } from './print-receipt.ts'
import { balancesAgree } from './receipt.ts'
import { runJob } from './run-job.ts'

const addressSchema = z.object({
  CLIENT_URL: z.url().default('http://127.0.0.1:7360'),
  CHAIN_URL: z.string().default('127.0.0.1:7342'),
  JOB_POOL_URL: z.string().default('127.0.0.1:7343'),
  KEYS_DIR: z.string().default('.camelid/farm'),
})

/**
 * Buys one completion from a testnet that runs already and prints the receipt, for people and then as one line of JSON.
 *
 * @returns the exit code: 0 only where the payment is mined, the output VALID, and both balances changed by exactly
 *   the reward and the fee
 */
export async function jobCommand(
  env: NodeJS.ProcessEnv,
  out: Writable & { isTTY?: boolean },
  signal: AbortSignal,
): Promise<number> {
  const options = readDemoOptions(env)
  const { CLIENT_URL, CHAIN_URL, JOB_POOL_URL, KEYS_DIR } = addressSchema.parse(env)
  using parties = new Parties({
    clientUrl: CLIENT_URL,
    chainUrl: CHAIN_URL,
    jobPoolUrl: JOB_POOL_URL,
    keysDir: KEYS_DIR,
  })
  const receipt = await runJob(parties, options, out, signal)
  printReceipt(out, receipt)
  const settled = balancesAgree(receipt)
  if (!settled)
    out.write('The balances did not change by exactly the reward and the fee: other coins moved meanwhile.\n')
  out.write(`${JSON.stringify(receipt)}\n`)
  return settled && receipt.verdict === 'VALID' ? 0 : 1
}
