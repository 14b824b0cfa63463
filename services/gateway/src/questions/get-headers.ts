import { create, toBinary } from '@bufbuild/protobuf'
import { concatBytes } from '@camelid/crypto'
import type { Frame } from '@camelid/p2p'
import { GetHeadersSchema, HeadersSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkCount, checkLength, checkRequestId } from './bounds.ts'
import { reply } from './reply.ts'

const MAX_LOCATOR = 128
const MAX_HEADERS = 2_000

/** Up to 2,000 headers of the best chain after the first locator hash that is on it. */
export async function answerGetHeaders(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { requestId, locator } = readPayload(GetHeadersSchema, frame)
  checkRequestId(requestId)
  checkCount('locator hashes', locator, MAX_LOCATOR)
  for (const hash of locator) checkLength('a block hash', hash, 32)
  const { firstHeight, headers } = await ask(parts, peer, () =>
    owners.chain.getHeaders({ locator, limit: MAX_HEADERS }),
  )
  const answer = create(HeadersSchema, {
    requestId,
    firstHeight,
    headers: concatBytes(...headers.slice(0, MAX_HEADERS)),
  })
  await reply(peer, { type: MessageType.HEADERS, payload: toBinary(HeadersSchema, answer) })
}
