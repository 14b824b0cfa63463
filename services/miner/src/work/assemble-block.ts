import { ByteWriter } from '@camelid/codec'
import { concatBytes } from '@camelid/crypto'
import { coinbaseBytes, type Template } from './template.ts'

/** Block bytes (protocol: Block) of a header that won with this extra nonce. */
export function assembleBlock(block: {
  readonly work: Template
  readonly header: Uint8Array
  readonly extraNonce: bigint
  readonly transactions: readonly Uint8Array[]
}): Uint8Array {
  const count = new ByteWriter()
  count.compactSize(block.transactions.length + 1)
  return concatBytes(block.header, count.finish(), coinbaseBytes(block.work, block.extraNonce), ...block.transactions)
}
