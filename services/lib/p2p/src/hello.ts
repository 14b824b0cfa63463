import { isIP } from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { concatBytes, equalBytes, isPublicKey, sign, statementHash, verify } from '@camelid/crypto'
import { HelloProofSchema, HelloSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { P2pError } from './errors.ts'
import { printable } from './farewell.ts'
import { PROTOCOL_VERSION } from './header.ts'
import { plainHost } from './host.ts'
import type { PeerHello, PeerOptions } from './options.ts'
import { readMessage } from './read-message.ts'

/** A Hello with the nonce that its proofs sign. */
export interface ReceivedHello extends PeerHello {
  readonly nonce: Uint8Array
}

/** The payload of our Hello. @param seenHost IP address at which we see the peer, so that it learns how it is reached */
export function encodeHello(options: PeerOptions, nonce: Uint8Array, seenHost = ''): Uint8Array {
  const { height, work } = options.getStatus()
  return toBinary(
    HelloSchema,
    create(HelloSchema, {
      version: PROTOCOL_VERSION,
      magic: options.params.magic,
      nodeKey: options.identity.publicKey,
      nonce,
      services: options.services,
      listenPort: options.listenPort ?? 0,
      height,
      work,
      agent: options.agent.slice(0, 64),
      seenHost: isIP(seenHost) === 0 ? '' : seenHost,
    }),
  )
}

/**
 * Reads and checks a peer's Hello.
 * @throws P2pError BAD_PAYLOAD, OLD_VERSION, WRONG_NETWORK, BAD_HELLO, SELF_CONNECTION
 */
export function decodeHello(payload: Uint8Array, options: PeerOptions): ReceivedHello {
  const hello = readMessage(HelloSchema, payload)
  if (hello.version !== PROTOCOL_VERSION)
    throw new P2pError('OLD_VERSION', `peer protocol version ${hello.version}, this node speaks ${PROTOCOL_VERSION}`)
  if (!equalBytes(hello.magic, options.params.magic))
    throw new P2pError('WRONG_NETWORK', `the peer is not on the network ${options.params.name}`)
  if (!isPublicKey(hello.nodeKey))
    throw new P2pError('BAD_HELLO', 'the node key in Hello is no curve point', { score: 100 })
  if (hello.nonce.length !== 32) throw new P2pError('BAD_HELLO', 'the nonce in Hello is not 32 bytes', { score: 100 })
  if (hello.listenPort > 65_535)
    throw new P2pError('BAD_HELLO', 'the listening port in Hello is no port', { score: 100 })
  if (hello.work.length > 32) throw new P2pError('BAD_HELLO', 'the work in Hello is over 256 bits', { score: 100 })
  if (equalBytes(hello.nodeKey, options.identity.publicKey))
    throw new P2pError(
      'SELF_CONNECTION',
      'the peer has our own node key: we reached ourselves, or two nodes share a key',
    )
  return {
    nodeKey: hello.nodeKey.slice(),
    nonce: hello.nonce.slice(),
    services: hello.services,
    listenPort: hello.listenPort,
    height: hello.height,
    work: hello.work.slice(),
    agent: printable(hello.agent, 64),
    seenHost: isIP(hello.seenHost) === 0 ? undefined : plainHost(hello.seenHost),
  }
}

/** What a proof signs, beside the role of its signer; the initiator's key and nonce come first. */
export interface HelloContext {
  readonly magic: Uint8Array
  readonly initiatorKey: Uint8Array
  readonly responderKey: Uint8Array
  readonly initiatorNonce: Uint8Array
  readonly responderNonce: Uint8Array
  /** TLS exporter value, label EXPORTER-camelid, no context, 32 bytes. */
  readonly exporter: Uint8Array
}

/** Statement hash `camelid/hello/v1` (protocol §8). */
export function helloDigest(role: 'initiator' | 'responder', context: HelloContext): Uint8Array {
  const { magic, initiatorKey, responderKey, initiatorNonce, responderNonce, exporter } = context
  return statementHash(
    'camelid/hello/v1',
    concatBytes(
      magic,
      Uint8Array.of(role === 'initiator' ? 0 : 1),
      initiatorKey,
      responderKey,
      initiatorNonce,
      responderNonce,
      exporter,
    ),
  )
}

/** The payload of our HelloProof. */
export function encodeProof(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return toBinary(HelloProofSchema, create(HelloProofSchema, { signature: sign(digest, privateKey) }))
}

/** @throws P2pError BAD_PAYLOAD, BAD_PROOF where the signature is not that of `nodeKey` over this very connection */
export function checkProof(payload: Uint8Array, digest: Uint8Array, nodeKey: Uint8Array): void {
  const { signature } = readMessage(HelloProofSchema, payload)
  if (signature.length !== 64 || !verify(signature, digest, nodeKey))
    throw new P2pError(
      'BAD_PROOF',
      'the peer did not prove its node key on this connection: somebody may be sitting between',
    )
}
