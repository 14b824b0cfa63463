import { randomBytes } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { equalBytes, hash160 } from '@camelid/crypto'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { P2pError } from './errors.ts'
import { readRefusal } from './farewell.ts'
import type { Frame } from './frame.ts'
import type { FrameSocket } from './frame-socket.ts'
import { checkProof, decodeHello, encodeHello, encodeProof, helloDigest, type ReceivedHello } from './hello.ts'
import { plainHost } from './host.ts'
import { type KnownType, payloadLimit } from './message-type.ts'
import type { PeerHello, PeerOptions, Remote } from './options.ts'

const EXPORTER_LABEL = 'EXPORTER-camelid'

/** Before the peer proved its key it may say this and no more: an unknown party costs us under a kilobyte. */
export function handshakeLimit(type: KnownType): number | undefined {
  if (type === MessageType.HELLO || type === MessageType.HELLO_PROOF) return payloadLimit(type)
  if (type === MessageType.VERDICT) return 1_024
  return undefined
}

/**
 * Runs Hello and HelloProof over a fresh TLS connection (protocol §8): the initiator speaks first, the responder answers
 * with Hello and proof at once, the initiator proves itself last. Both proofs sign this connection's exporter value.
 * The caller holds the deadline and closes the socket on an error.
 * @throws P2pError OLD_VERSION, WRONG_NETWORK, SELF_CONNECTION, BAD_HELLO, BAD_PROOF, FORGED_SENDER, REFUSED, …
 */
export async function shakeHands(
  io: FrameSocket,
  role: 'initiator' | 'responder',
  options: PeerOptions,
  remote: Remote,
): Promise<PeerHello> {
  const nonce = randomBytes(32)
  const seenHost = plainHost(io.socket.remoteAddress ?? '')
  const sendHello = (): boolean => io.send({ type: MessageType.HELLO, payload: encodeHello(options, nonce, seenHost) })
  if (role === 'initiator') sendHello()
  const frame = await expectFrame(io, MessageType.HELLO)
  const hello = decodeHello(frame.payload, options)
  checkSender(frame, hello)
  const own = { key: options.identity.publicKey, nonce }
  const theirs = { key: hello.nodeKey, nonce: hello.nonce }
  const [initiator, responder] = role === 'initiator' ? [own, theirs] : [theirs, own]
  const context = {
    magic: options.params.magic,
    initiatorKey: initiator.key,
    responderKey: responder.key,
    initiatorNonce: initiator.nonce,
    responderNonce: responder.nonce,
    exporter: exporterOf(io.socket),
  }
  const theirRole = role === 'initiator' ? 'responder' : 'initiator'
  const sendProof = (): boolean =>
    io.send({
      type: MessageType.HELLO_PROOF,
      payload: encodeProof(helloDigest(role, context), options.identity.privateKey),
    })
  if (role === 'responder') {
    sendHello()
    sendProof()
  }
  const proof = await expectFrame(io, MessageType.HELLO_PROOF)
  checkSender(proof, hello)
  checkProof(proof.payload, helloDigest(theirRole, context), hello.nodeKey)
  const refusal = options.admit?.(hello, remote)
  if (refusal !== undefined) throw new P2pError('REFUSED', refusal.detail, { data: { code: refusal.code } })
  if (role === 'initiator') sendProof()
  return hello
}

async function expectFrame(io: FrameSocket, type: KnownType): Promise<Frame> {
  const frame = await io.read()
  if (frame.type === type) return frame
  if (frame.type === MessageType.VERDICT) throw readRefusal(frame)
  throw new P2pError('UNEXPECTED_MESSAGE', 'the handshake came in the wrong order', { score: 50 })
}

function checkSender(frame: Frame, hello: ReceivedHello): void {
  if (!equalBytes(frame.sender, hash160(hello.nodeKey)))
    throw new P2pError('FORGED_SENDER', 'a handshake frame names another sender than its node key', { score: 100 })
}

/** RFC 8446 §7.5: in TLS 1.3 no context and an empty context are the same value. */
function exporterOf(socket: TLSSocket): Uint8Array {
  return socket.exportKeyingMaterial(32, EXPORTER_LABEL, Buffer.alloc(0))
}
