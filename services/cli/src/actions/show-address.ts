import { displayHash } from '@camelid/codec'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'
import { formatCoins } from '../amount.ts'
import { usage } from '../cli-error.ts'
import { parseAddress } from '../parse-address.ts'
import { printFields, printJson, printLine, printTable } from '../print.ts'
import { withService } from '../rpc-call.ts'

const MAX_ENTRIES = 1_000

interface Unspent {
  balance: bigint
  coins: number
  /** Of the balance: what a transaction that waits to be mined spends. */
  leaving: bigint
}

/** `camelid chain address`: what it holds, and what came and went, the newest first. Errors: USAGE. */
export async function showAddress(
  address: string,
  options: { chain: string; limit: string; json?: true },
): Promise<void> {
  const h2 = parseAddress(address)
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ENTRIES)
    throw usage(`--limit ${options.limit}: give a whole number from 1 to ${MAX_ENTRIES}`)
  const { unspent, history } = await withService(
    { name: 'chain', definition: ChainService, address: options.chain },
    async (client) => ({
      unspent: await sumUnspent(client, h2),
      history: await client.getAddressHistory({ h2, limit }),
    }),
  )
  const entries = history.entries.map(({ txid, height, received, sent }) => ({
    txid: displayHash(txid),
    height,
    received,
    sent,
  }))
  if (options.json) {
    printJson({ address, ...unspent, tipHeight: history.tipHeight, entries, more: history.more })
    return
  }
  const { balance, coins, leaving } = unspent
  printFields([
    ['balance', `${formatCoins(balance)} coins in ${coins} ${coins === 1 ? 'output' : 'outputs'}`],
    ['on their way out', `${formatCoins(leaving)} coins`],
    ['as of block', String(history.tipHeight)],
  ])
  printLine()
  const rows = entries.map(({ txid, height, received, sent }) => [
    String(height),
    formatCoins(received - sent),
    formatCoins(received),
    formatCoins(sent),
    txid,
  ])
  printTable(['height', 'change', 'received', 'sent', 'txid'], rows, 'no transaction of it was mined yet')
  if (history.more) printLine(`… and more: --limit takes up to ${MAX_ENTRIES}`)
}

async function sumUnspent(client: RpcClient<typeof ChainService>, h2: Uint8Array): Promise<Unspent> {
  const sum = { balance: 0n, coins: 0, leaving: 0n }
  for (let page = await client.getUtxos({ h2 }); ; ) {
    for (const { value, spentInMempool } of page.utxos) {
      sum.balance += value
      sum.coins++
      if (spentInMempool) sum.leaving += value
    }
    const after = page.utxos.at(-1)?.outpoint
    if (!page.more || after === undefined) return sum
    page = await client.getUtxos({ h2, after })
  }
}
