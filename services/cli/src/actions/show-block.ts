import { decodeBlock, displayHash, headerHash, parseDisplayHash, txid } from '@camelid/codec'
import { isCoded } from '@camelid/errors'
import { ChainService, type GetBlockResponse } from '@camelid/proto/chain/v1/chain_pb'
import { CliError, usage } from '../cli-error.ts'
import { printFields, printJson, printLine } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid chain block`: by height or hash. Errors: USAGE, NOT_FOUND. */
export async function showBlock(block: string, { chain, json }: { chain: string; json?: true }): Promise<void> {
  const by = parseBlock(block)
  const {
    block: bytes,
    height,
    onBestChain,
  } = await withService({ name: 'chain', definition: ChainService, address: chain }, async (client) => {
    try {
      return await client.getBlock({ by })
    } catch (error) {
      if (isCoded(error) && error.code.includes('NOT_FOUND'))
        throw new CliError('NOT_FOUND', `there is no block ${block} at ${chain}`)
      throw error
    }
  })
  const view = describe(bytes, height, onBestChain)
  if (json) {
    printJson(view)
    return
  }
  const { transactions, ...fields } = view
  printFields(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  printLine(`transactions (${transactions.length})`)
  for (const id of transactions) printLine(`  ${id}`)
}

function parseBlock(text: string) {
  if (/^\d{1,9}$/.test(text)) return { case: 'height', value: Number(text) } as const
  if (/^[0-9a-fA-F]{64}$/.test(text)) return { case: 'hash', value: parseDisplayHash(text.toLowerCase()) } as const
  throw usage(`"${text}" is no block: give a height, or a hash of 64 hex digits`)
}

function describe(bytes: GetBlockResponse['block'], height: number, onBestChain: boolean) {
  const { header, transactions } = decodeBlock(bytes)
  return {
    hash: displayHash(headerHash(header)),
    height,
    onBestChain,
    previous: displayHash(header.prevHash),
    merkleRoot: displayHash(header.merkleRoot),
    time: header.time,
    bits: header.bits.toString(16).padStart(8, '0'),
    nonce: header.nonce,
    bytes: bytes.length,
    transactions: transactions.map((transaction) => displayHash(txid(transaction))),
  }
}
