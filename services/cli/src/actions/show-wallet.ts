import { z } from 'zod'
import { formatCoins } from '../amount.ts'
import { ClientApi } from '../client-api.ts'
import { printFields, printJson, printLine } from '../print.ts'

const walletView = z.object({
  address: z.string(),
  balance: z.string(),
  pending: z.string(),
  reserved: z.string(),
  height: z.number(),
  peers: z.number(),
  synced: z.boolean(),
})

type Options = { client: string; json?: true }

/** `camelid wallet address` */
export async function showAddress({ client, json }: Options): Promise<void> {
  const { address } = await new ClientApi(client).get('/wallet', walletView)
  if (json) printJson({ address })
  else printLine(address)
}

/** `camelid wallet balance` */
export async function showBalance({ client, json }: Options): Promise<void> {
  const wallet = await new ClientApi(client).get('/wallet', walletView)
  if (json) {
    printJson(wallet)
    return
  }
  const { balance, pending, reserved } = wallet
  printFields([
    ['address', wallet.address],
    ['balance', `${formatCoins(balance)} coins`],
    ...(reserved === '0'
      ? []
      : [['reserved', `${formatCoins(reserved)} coins in jobs and payments under way`] as const]),
    ...(pending === '0' ? [] : [['pending', `${formatCoins(pending)} coins of change on their way back`] as const]),
    ['height', String(wallet.height)],
    ['peers', `${wallet.peers}${wallet.synced ? '' : ' (not in step yet)'}`],
  ])
}
