import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import type { Frame } from '@camelid/p2p'
import { BlockSchema, GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { checkCount, checkLength } from './bounds.ts'

const MAX_BLOCKS = 64

/** The blocks asked for, in order, as fast as the peer takes them; the first that is not there ends it with a Verdict. */
export async function answerGetBlocks({ owners }: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { hashes } = readPayload(GetBlocksSchema, frame)
  checkCount('blocks', hashes, MAX_BLOCKS)
  for (const hash of hashes) checkLength('a block hash', hash, 32)
  for (const hash of hashes) {
    await peer.connection.room()
    if (peer.connection.reason !== undefined) return
    const { block } = await owners.chain.getBlock({ by: { case: 'hash', value: hash } })
    peer.known.set(bytesToHex(hash), true)
    peer.connection.send({ type: MessageType.BLOCK, payload: toBinary(BlockSchema, create(BlockSchema, { block })) })
  }
}
