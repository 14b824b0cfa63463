import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { Frame } from '@camelid/p2p'
import { BlockSchema, GetBlocksSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { readPayload } from '../read-payload.ts'
import { ask } from './ask.ts'
import { checkCount, checkLength } from './bounds.ts'
import { reply } from './reply.ts'

const MAX_BLOCKS = 64

/** The blocks asked for, in order, as fast as the peer takes them. Those that are not here are passed over: the peer asks elsewhere. */
export async function answerGetBlocks(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  const { owners } = parts
  const { hashes } = readPayload(GetBlocksSchema, frame)
  checkCount('blocks', hashes, MAX_BLOCKS)
  for (const hash of hashes) checkLength('a block hash', hash, 32)
  for (const hash of hashes) {
    await peer.connection.room()
    if (peer.connection.reason !== undefined) return
    const block = await ask(parts, peer, () => findBlock(owners, hash))
    if (block === undefined) continue
    peer.known.add(bytesToHex(hash))
    await reply(peer, { type: MessageType.BLOCK, payload: toBinary(BlockSchema, create(BlockSchema, { block })) })
  }
}

async function findBlock({ chain }: GatewayParts['owners'], hash: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return (await chain.getBlock({ by: { case: 'hash', value: hash } })).block
  } catch (error) {
    if (isCoded(error) && (error.code === 'BLOCK_NOT_FOUND' || error.code === 'PRUNED')) return undefined
    throw error
  }
}
