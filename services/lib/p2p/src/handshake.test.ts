import assert from 'node:assert/strict'
import { connect as connectTcp } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls, createServer, type TLSSocket } from 'node:tls'
import { create, toBinary } from '@bufbuild/protobuf'
import { generatePrivateKey } from '@camelid/crypto'
import { HelloProofSchema, HelloSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { selfSignedCertificate } from './certificate.ts'
import { dialPeer } from './dial.ts'
import { P2pError } from './errors.ts'
import { encodeFrame, NO_ADDRESS } from './frame.ts'
import { encodeHello, encodeProof, helloDigest } from './hello.ts'
import { listenPeers } from './listen.ts'
import type { KnownType } from './message-type.ts'
import { identityOf, type PeerOptions } from './options.ts'
import { LOCAL, listening, party, rawSocket, untilEnd } from './testing.ts'

const code = (expected: string) => (error: unknown) => error instanceof P2pError && error.code === expected
const saidBy = (expected: string) => (error: unknown) =>
  error instanceof P2pError && error.code === 'REFUSED' && error.data.code === expected

function dial(port: number, options: PeerOptions = party()) {
  return dialPeer({ ...options, host: '127.0.0.1', port })
}

function frame(
  options: PeerOptions,
  type: KnownType,
  payload: Uint8Array,
  magic: Uint8Array = LOCAL.magic,
): Uint8Array {
  const messageId = new Uint8Array(16)
  return encodeFrame(
    { type, payload, messageId, sender: options.identity.h2, receiver: NO_ADDRESS, ttl: 0, flood: false },
    magic,
  )
}

test('both sides learn the proved key and what the other said of itself', async () => {
  await using listener = await listening({ services: 3n, listenPort: 7331, agent: 'far\u0007away/2' })
  const dialler = party({ services: 0n })
  const near = await dial(listener.port, dialler)
  const far = await listener.next()
  assert.deepEqual(near.peerKey, listener.options.identity.publicKey)
  assert.deepEqual(far.peerKey, dialler.identity.publicKey)
  assert.deepEqual(far.peerH2, dialler.identity.h2)
  assert.equal(near.hello.services, 3n)
  assert.equal(near.hello.listenPort, 7331)
  assert.equal(near.hello.height, 7)
  assert.equal(near.hello.agent, 'far?away/2')
  assert.equal(near.inbound, false)
  assert.equal(far.inbound, true)
  near.close('NOT_NEEDED')
  assert.equal(await far.closed, 'REFUSED')
  assert.equal(far.reason?.data.code, 'NOT_NEEDED')
})

test('a man in the middle who passes every byte on is refused by both', async () => {
  await using listener = await listening()
  const middle = createServer({ ...selfSignedCertificate(), minVersion: 'TLSv1.3' }, (victim: TLSSocket) => {
    const onward = connectTls({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false })
    victim.pipe(onward).pipe(victim)
    for (const socket of [victim, onward]) socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', () => resolve()))
  const address = middle.address()
  assert.ok(typeof address === 'object' && address !== null)
  const refused = assert.rejects(listener.next(), (error) => code('BAD_PROOF')(error) || saidBy('BAD_PROOF')(error))
  await assert.rejects(dial(address.port), code('BAD_PROOF'))
  await refused
  middle.close()
})

test('another network, by Hello or by the magic of the frame, is refused by name', async () => {
  await using listener = await listening()
  const main = party({ params: { name: 'main', magic: Uint8Array.of(0xc4, 0x3e, 0x1d, 0x01) } })
  const refused = assert.rejects(listener.next(), code('WRONG_NETWORK'))
  await assert.rejects(dial(listener.port, main), code('WRONG_NETWORK'))
  await refused
  // The right magic around a Hello with the wrong one.
  const socket = await rawSocket(listener.port)
  const hello = create(HelloSchema, { version: 1, magic: main.params.magic, nodeKey: main.identity.publicKey })
  socket.write(frame(main, MessageType.HELLO, toBinary(HelloSchema, hello)))
  await assert.rejects(listener.next(), code('WRONG_NETWORK'))
})

test('an old version is refused by name', async () => {
  await using listener = await listening()
  const old = party()
  const socket = await rawSocket(listener.port)
  const hello = create(HelloSchema, { version: 0, magic: LOCAL.magic, nodeKey: old.identity.publicKey })
  socket.write(frame(old, MessageType.HELLO, toBinary(HelloSchema, hello)))
  await assert.rejects(listener.next(), code('OLD_VERSION'))
  const second = await rawSocket(listener.port)
  const bytes = frame(old, MessageType.HELLO, new Uint8Array(0))
  bytes[4] = 0
  second.write(bytes)
  await assert.rejects(listener.next(), code('OLD_VERSION'))
})

test('we do not talk to ourselves', async () => {
  const identity = identityOf(generatePrivateKey())
  await using listener = await listening({ identity })
  const refused = assert.rejects(listener.next(), code('SELF_CONNECTION'))
  await assert.rejects(dial(listener.port, party({ identity })), saidBy('SELF_CONNECTION'))
  await refused
})

test('a handshake of an earlier connection proves nothing on a later one', async () => {
  await using listener = await listening()
  const victim = party()
  // What the victim said on its own connection, word for word.
  const nonce = new Uint8Array(32).fill(5)
  const hello = frame(victim, MessageType.HELLO, encodeHello(victim, nonce))
  const stale = helloDigest('initiator', {
    magic: LOCAL.magic,
    initiatorKey: victim.identity.publicKey,
    responderKey: listener.options.identity.publicKey,
    initiatorNonce: nonce,
    responderNonce: new Uint8Array(32),
    exporter: new Uint8Array(32),
  })
  const socket = await rawSocket(listener.port)
  socket.write(hello)
  socket.write(frame(victim, MessageType.HELLO_PROOF, encodeProof(stale, victim.identity.privateKey)))
  await assert.rejects(listener.next(), code('BAD_PROOF'))
})

test("a proof mirrored back is not the peer's proof", async () => {
  const context = {
    magic: LOCAL.magic,
    initiatorKey: new Uint8Array(33),
    responderKey: new Uint8Array(33),
    initiatorNonce: new Uint8Array(32),
    responderNonce: new Uint8Array(32),
    exporter: new Uint8Array(32),
  }
  assert.notDeepEqual(helloDigest('initiator', context), helloDigest('responder', context))
})

test('a sender other than the proved key, a bad key, garbage and a wrong order are refused by name', async () => {
  await using listener = await listening()
  const [one, other] = [party(), party()]
  const tries: [Uint8Array, string][] = [
    [frame(other, MessageType.HELLO, encodeHello(one, new Uint8Array(32))), 'FORGED_SENDER'],
    [frame(one, MessageType.HELLO, encodeHello(one, new Uint8Array(31))), 'BAD_HELLO'],
    [
      frame(
        one,
        MessageType.HELLO,
        toBinary(HelloSchema, create(HelloSchema, { version: 1, magic: LOCAL.magic, nodeKey: new Uint8Array(33) })),
      ),
      'BAD_HELLO',
    ],
    [frame(one, MessageType.HELLO, Uint8Array.of(0xff, 0xff, 0xff)), 'BAD_PAYLOAD'],
    [
      frame(
        one,
        MessageType.HELLO_PROOF,
        toBinary(HelloProofSchema, create(HelloProofSchema, { signature: new Uint8Array(64) })),
      ),
      'UNEXPECTED_MESSAGE',
    ],
    [frame(one, MessageType.JOB, new Uint8Array(100)), 'UNEXPECTED_MESSAGE'],
    [new Uint8Array(4_096).fill(0x47), 'WRONG_NETWORK'],
  ]
  for (const [bytes, expected] of tries) {
    const socket = await rawSocket(listener.port)
    const said = untilEnd(socket)
    socket.write(bytes)
    await assert.rejects(listener.next(), code(expected))
    assert.ok(Buffer.from(await said).includes(expected), `the peer is told ${expected}`)
  }
})

test('who says nothing, half a Hello, or no TLS at all, is dropped at the deadline', async () => {
  await using listener = await listening({ limits: { handshakeMs: 150 } })
  const silent = await rawSocket(listener.port)
  await assert.rejects(listener.next(), code('HANDSHAKE_TIMEOUT'))
  silent.destroy()
  const half = await rawSocket(listener.port)
  half.write(frame(party(), MessageType.HELLO, new Uint8Array(300)).subarray(0, 200))
  await assert.rejects(listener.next(), code('HANDSHAKE_TIMEOUT'))
  const plain = connectTcp(listener.port, '127.0.0.1')
  plain.on('error', () => undefined)
  await assert.rejects(listener.next(), code('CONNECT_FAILED'))
  const http = connectTcp(listener.port, '127.0.0.1')
  http.on('error', () => undefined)
  http.write('GET / HTTP/1.1\r\n\r\n')
  await assert.rejects(listener.next(), code('CONNECT_FAILED'))
})

test('TLS 1.2 is refused', async () => {
  await using listener = await listening()
  const old = connectTls({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' })
  old.on('error', () => undefined)
  await assert.rejects(listener.next(), code('CONNECT_FAILED'))
})

test('a peer that is not wanted is told why', async () => {
  await using listener = await listening({ admit: () => ({ code: 'BANNED', detail: 'banned until noon' }) })
  const refused = assert.rejects(listener.next(), code('REFUSED'))
  const near = await dial(listener.port)
  assert.equal(await near.closed, 'REFUSED')
  assert.equal(near.reason?.data.code, 'BANNED')
  assert.match(near.reason?.message ?? '', /banned until noon/)
  await refused
})

test('nobody there, an aborted dial, and a port in use have names', async () => {
  const listener = await listening()
  await assert.rejects(
    listenPeers({ ...party(), host: '127.0.0.1', port: listener.port, onConnection: () => undefined }),
    code('PORT_IN_USE'),
  )
  await assert.rejects(
    dialPeer({ ...party(), host: '127.0.0.1', port: listener.port, signal: AbortSignal.abort() }),
    code('ABORTED'),
  )
  await listener[Symbol.asyncDispose]()
  await assert.rejects(dial(listener.port), code('CONNECT_FAILED'))
})

test('sockets over the limit are closed at accept', async () => {
  await using listener = await listening({ maxSockets: 1 })
  const near = await dial(listener.port)
  await listener.next()
  await assert.rejects(dial(listener.port), code('CONNECT_FAILED'))
  near.close('NOT_NEEDED')
})
