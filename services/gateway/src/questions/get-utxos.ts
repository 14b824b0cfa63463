import { create, toBinary } from '@bufbuild/protobuf'
import { type Frame, payloadLimit } from '@camelid/p2p'
import { GetUtxosSchema, MessageType, UtxosSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkLength, checkRequestId } from './bounds.ts'
import { utxoOf } from './proof-of.ts'
import { reply } from './reply.ts'

const PAGE = 100

/** One page of an address's unspent outputs with proofs; fewer where proofs are so large that a page would not fit. */
export async function answerGetUtxos(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { requestId, h2, after } = readPayload(GetUtxosSchema, frame)
  checkRequestId(requestId)
  checkLength('h2', h2, 20)
  if (after !== undefined) checkLength('a txid', after.txid, 32)
  const page = await ask(parts, peer, () =>
    owners.chain.getUtxos({
      h2,
      limit: PAGE,
      withProofs: true,
      ...(after === undefined ? {} : { after: { txid: after.txid, index: after.index } }),
    }),
  )
  const used = page.utxos.length > 0 || after !== undefined || (await wasPaid(parts, peer, h2))
  const { tipHeight, tipHash } = page
  for (let utxos = page.utxos.map(utxoOf), more = page.more; ; more = true) {
    const payload = toBinary(UtxosSchema, create(UtxosSchema, { requestId, utxos, tipHeight, tipHash, more, used }))
    if (payload.length <= payloadLimit(MessageType.UTXOS) || utxos.length <= 1) {
      await reply(peer, { type: MessageType.UTXOS, payload })
      return
    }
    utxos = utxos.slice(0, Math.ceil(utxos.length / 2))
  }
}

/** Whether a block ever paid the address: asked only where it holds nothing. */
async function wasPaid(parts: GatewayParts, peer: Peer, h2: Uint8Array): Promise<boolean> {
  const { entries } = await ask(parts, peer, () => parts.owners.chain.getAddressHistory({ h2, limit: 1 }))
  return entries.length > 0
}
