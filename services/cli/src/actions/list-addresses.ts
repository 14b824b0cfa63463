import { z } from 'zod'
import { formatCoins } from '../amount.ts'
import { ClientApi } from '../client-api.ts'
import { printJson, printLine, printTable } from '../print.ts'

const addressView = z.object({
  address: z.string(),
  path: z.string(),
  change: z.boolean(),
  used: z.boolean(),
  balance: z.string(),
})

type Options = { client: string; json?: true }

/** `camelid wallet new-address` */
export async function newAddress({ client, json }: Options): Promise<void> {
  const view = await new ClientApi(client).post('/wallet/addresses', {}, addressView)
  if (json) printJson(view)
  else printLine(view.address)
}

/** `camelid wallet addresses` */
export async function listAddresses({ client, json }: Options): Promise<void> {
  const { addresses } = await new ClientApi(client).get(
    '/wallet/addresses',
    z.object({ addresses: z.array(addressView) }),
  )
  if (json) {
    printJson({ addresses })
    return
  }
  const rows = addresses.map(({ address, path, change, used, balance }) => [
    address,
    path,
    change ? 'change' : 'receive',
    used ? 'used' : 'new',
    formatCoins(balance),
  ])
  printTable(['address', 'path', 'for', 'state', 'coins'], rows, 'the wallet has no addresses yet')
}
