import { isCoded } from '@camelid/errors'
import { type Frame, type PeerConnection, STATEMENT_TYPES, typeName } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { takeCompactBlock } from '../compact/take-compact-block.ts'
import { takeSendCompact } from '../compact/take-send-compact.ts'
import type { GatewayParts } from '../parts.ts'
import { answerQuestion, isQuestion } from '../questions/answer.ts'
import { sendVerdict } from '../relay/send-verdict.ts'
import { takeStatement } from '../relay/take-statement.ts'
import { syncWith, takeAnnouncement, takeBlock, takeInventory, takeTransaction } from '../sync/take-chain-message.ts'
import { isTellable } from './address-rules.ts'
import { Peer } from './peer.ts'

/** Messages of one peer that are worked on at once; while they are, no more of its frames are read. */
const MAX_CONCURRENT = 16

/** Serves one peer until its connection ends; never rejects. */
export async function servePeer(parts: GatewayParts, connection: PeerConnection): Promise<void> {
  const peer = new Peer(connection, parts.clock.nowMs())
  if (!parts.peers.add(peer)) return
  if (!parts.places.makeRoom(parts, peer)) {
    parts.peers.remove(peer)
    return
  }
  const { host, port } = connection.remote
  const log = parts.log.child({ peer: peer.h2Hex, host, port, inbound: connection.inbound })
  log.info({ agent: connection.hello.agent, height: connection.hello.height }, 'peer connected')
  void greet(parts, peer)
  const working = new Set<Promise<void>>()
  for await (const frame of connection.frames) {
    const work = takeFrame(parts, peer, frame).catch((error: unknown) =>
      log.warn({ err: error, type: typeName(frame.type) }, 'a message of a peer could not be handled'),
    )
    working.add(work)
    void work.finally(() => working.delete(work))
    if (working.size >= MAX_CONCURRENT) await Promise.race(working)
  }
  const code = await connection.closed
  parts.peers.remove(peer)
  parts.blocks.forget(peer)
  parts.compact.forget(peer)
  parts.transactions.forget(peer)
  const { reason } = connection
  if (reason !== undefined && reason.score > 0) parts.charge(peer, reason.score, `${code}: ${reason.message}`)
  log.info({ code, reason: reason?.message }, 'peer gone')
}

/** What a new peer is good for: its headers, and where it listens. */
async function greet(parts: GatewayParts, peer: Peer): Promise<void> {
  if (!peer.keepsChain) return
  parts.compact.greet(peer)
  const { hello, remote, inbound } = peer.connection
  if (!inbound) parts.reachability.seenAt(hello.seenHost, remote)
  const listens = { host: remote.host, port: hello.listenPort }
  if (inbound && isTellable(listens, parts.params.name)) parts.book.claim(listens)
  try {
    await syncWith(parts, peer)
  } catch (error) {
    if (!parts.signal.aborted) parts.log.debug({ err: error, peer: peer.h2Hex }, 'a new peer told nothing')
  }
}

async function takeFrame(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  if (!peer.withinRate(frame.type, parts.clock.nowMs())) {
    parts.metrics.dropped(frame.type, 'rate')
    sendVerdict(peer, frame, { outcome: 'unavailable', code: 'RATE_LIMITED', detail: 'too many of these: slow down' })
    return
  }
  try {
    if (STATEMENT_TYPES.has(frame.type)) return await takeStatement(parts, peer, frame)
    if (isQuestion(frame.type)) return await answerQuestion(parts, peer, frame)
    await takeChainMessage(parts, peer, frame)
  } catch (error) {
    if (!isCoded(error)) throw error
    sendVerdict(peer, frame, { outcome: 'unavailable', code: error.code, detail: error.message })
    parts.charge(peer, error.score, `${error.code}: ${error.message}`)
  }
}

/** Anything else is an answer to a question that was given up. */
async function takeChainMessage(parts: GatewayParts, peer: Peer, frame: Frame): Promise<void> {
  if (frame.type === MessageType.HEADERS) await takeAnnouncement(parts, peer, frame)
  else if (frame.type === MessageType.BLOCK) takeBlock(parts, peer, frame)
  else if (frame.type === MessageType.COMPACT_BLOCK)
    await takeCompactBlock(parts, peer, { frame, learn: () => syncWith(parts, peer) })
  else if (frame.type === MessageType.SEND_COMPACT) takeSendCompact(peer, frame)
  else if (frame.type === MessageType.TRANSACTION) await takeTransaction(parts, peer, frame)
  else if (frame.type === MessageType.INVENTORY) takeInventory(parts, peer, frame)
}
