import { create, toBinary } from '@bufbuild/protobuf'
import type { CompactBlock } from '@camelid/proto/chain/v1/chain_pb'
import { CompactBlockSchema } from '@camelid/proto/p2p/v1/messages_pb'

/** A compact block as our own chain made it. */
export interface CompactBody extends Pick<CompactBlock, 'header' | 'nonce' | 'shortIds'> {
  readonly prefilled: readonly { readonly index: number; readonly transaction: Uint8Array }[]
}

/** A compact block as a message to a peer. @param requestId of the question it answers; left out: an announcement */
export function compactPayload(
  { header, nonce, shortIds, prefilled }: CompactBody,
  requestId?: Uint8Array,
): Uint8Array {
  const placed = prefilled.map(({ index, transaction }) => ({ index, transaction }))
  const message = { requestId: requestId ?? new Uint8Array(0), header, nonce, shortIds, prefilled: placed }
  return toBinary(CompactBlockSchema, create(CompactBlockSchema, message))
}
