import { decodeTransaction, displayHash, parseDisplayHash } from '@camelid/codec'
import { isCoded } from '@camelid/errors'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { formatCoins } from '../amount.ts'
import { CliError, usage } from '../cli-error.ts'
import { describeTransaction } from '../describe-transaction.ts'
import { printFields, printJson } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid chain tx`. Errors: USAGE, NOT_FOUND. */
export async function showTransaction(txid: string, { chain, json }: { chain: string; json?: true }): Promise<void> {
  if (!/^[0-9a-fA-F]{64}$/.test(txid)) throw usage(`"${txid}" is no transaction id: 64 hex digits`)
  const answer = await withService({ name: 'chain', definition: ChainService, address: chain }, async (client) => {
    try {
      return await client.getTransaction({ txid: parseDisplayHash(txid.toLowerCase()) })
    } catch (error) {
      if (isCoded(error) && error.code.includes('NOT_FOUND'))
        throw new CliError('NOT_FOUND', `there is no transaction ${txid} at ${chain}`)
      throw error
    }
  })
  const { blockHash, height, confirmations, inMempool } = answer
  const view = {
    ...describeTransaction(decodeTransaction(answer.transaction)),
    inMempool,
    blockHash: blockHash.length === 0 ? null : displayHash(blockHash),
    height: blockHash.length === 0 ? null : height,
    confirmations,
  }
  if (json) {
    printJson(view)
    return
  }
  printFields([
    ['txid', view.txid],
    [
      'block',
      view.blockHash === null
        ? inMempool
          ? 'in the mempool'
          : 'unconfirmed'
        : `${view.blockHash} (height ${height}, ${confirmations} confirmations)`,
    ],
    ['lockTime', String(view.lockTime)],
    ['job', /^0+$/.test(view.jobId) ? 'none' : view.jobId],
    ...view.inputs.map(({ outpoint }, index) => [`input ${index}`, view.coinbase ? 'coinbase' : outpoint] as const),
    ...view.outputs.map(
      ({ index, value, kind, to }) => [`output ${index}`, `${formatCoins(value)} coins, ${kind}: ${to}`] as const,
    ),
  ])
}
