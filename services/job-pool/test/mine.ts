import { createHash } from 'node:crypto'
import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { ByteWriter, decodeTransaction, txid } from '@camelid/codec'
import { merkleRootFromBranch } from '@camelid/consensus'
import { concatBytes } from '@camelid/crypto'
import type { ChainService, GetBlockTemplateResponse } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'

export type Chain = RpcClient<typeof ChainService>
/** Hashes between two looks at other events. */
const SLICE = 4_000
let extraNonce = 0n

/** Mines so many blocks by real work, paid to `payoutH2`. */
export async function mine(chain: Chain, payoutH2: Uint8Array, count = 1): Promise<void> {
  for (let mined = 0; mined < count; ) {
    const block = await solve(await chain.getBlockTemplate({ payoutH2 }))
    const { newTip } = await chain.submitBlock({ block })
    if (newTip) mined += 1
  }
}

async function solve(template: GetBlockTemplateResponse): Promise<Uint8Array> {
  extraNonce += 1n
  const extra = new ByteWriter().u64(extraNonce).finish()
  const coinbase = concatBytes(template.coinbasePrefix, extra, template.coinbaseSuffix)
  const root = merkleRootFromBranch(txid(decodeTransaction(coinbase)), template.merkleBranch, 0)
  if (root === null) throw new Error('the template has a branch that leads nowhere')
  const header = Uint8Array.from(template.header)
  header.set(root, 36)
  const view = new DataView(header.buffer)
  const target = littleEndian(template.target)
  for (let nonce = 0; nonce < 2 ** 32; nonce += 1) {
    view.setUint32(76, nonce, true)
    const hash = createHash('sha256').update(createHash('sha256').update(header).digest()).digest()
    if (hash[31] === 0 && littleEndian(hash) <= target) break
    if (nonce % SLICE === 0) await yieldToEvents()
  }
  const count = new ByteWriter().compactSize(template.transactions.length + 1).finish()
  return concatBytes(header, count, coinbase, ...template.transactions)
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
