import { z } from 'zod'
import { parseCoins } from '../amount.ts'
import { usage } from '../cli-error.ts'
import { ClientApi } from '../client-api.ts'
import { printJson, printLine } from '../print.ts'

/** `camelid wallet send` */
export async function sendCoins(
  address: string,
  amount: string,
  options: { client: string; feeRate: string; json?: true },
): Promise<void> {
  const feeRate = Number(options.feeRate)
  if (!Number.isInteger(feeRate) || feeRate < 1)
    throw usage(`--fee-rate ${options.feeRate}: give whole base units a byte, at least 1`)
  const body = { address, amount: parseCoins(amount), feeRate }
  const { txid } = await new ClientApi(options.client).post('/wallet/send', body, z.object({ txid: z.string() }))
  if (options.json) printJson({ txid })
  else printLine(txid)
}
