import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect as connectTls, createServer, type TLSSocket } from 'node:tls'
import { create, toBinary } from '@bufbuild/protobuf'
import { generatePrivateKey } from '@camelid/crypto'
import { HelloProofSchema, HelloSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { selfSignedCertificate } from './certificate.ts'
import { P2pError } from './errors.ts'
import { encodeHello, encodeProof, helloDigest } from './hello.ts'
import { identityOf } from './options.ts'
import { code, dial, frame, LOCAL, listening, party, rawSocket, untilEnd } from './testing.ts'

const saidBy = (expected: string) => (error: unknown) =>
  error instanceof P2pError && error.code === 'REFUSED' && error.data.code === expected

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

test('what is said in one piece with the end of the handshake is heard', async () => {
  await using listener = await listening()
  for (let i = 0; i < 5; i++) {
    const near = await dial(listener.port)
    assert.ok(near.send({ type: MessageType.GET_PEERS, payload: new Uint8Array(0) }))
    const far = await listener.next()
    for await (const { type } of far.frames) {
      assert.equal(type, MessageType.GET_PEERS)
      break
    }
    near.close('NOT_NEEDED')
  }
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

test('what a victim said in its own handshake, recorded and said again word for word, lets nobody in', async () => {
  await using listener = await listening()
  const said: Buffer[] = []
  const middle = createServer({ ...selfSignedCertificate(), minVersion: 'TLSv1.3' }, (victim: TLSSocket) => {
    const onward = connectTls({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false })
    victim.on('data', (chunk: Buffer) => said.push(chunk))
    victim.pipe(onward).pipe(victim)
    for (const socket of [victim, onward]) socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', () => resolve()))
  const address = middle.address()
  assert.ok(typeof address === 'object' && address !== null)
  await assert.rejects(dial(address.port), code('BAD_PROOF'))
  await assert.rejects(listener.next())
  middle.close()
  const again = await rawSocket(listener.port)
  const answer = untilEnd(again)
  for (const chunk of said) again.write(chunk)
  await assert.rejects(listener.next(), (error) => error instanceof P2pError)
  assert.ok(said.length > 0 && (await answer).length > 0)
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

test('a peer that is not wanted is told why', async () => {
  await using listener = await listening({ admit: () => ({ code: 'BANNED', detail: 'banned until noon' }) })
  const refused = assert.rejects(listener.next(), code('REFUSED'))
  const near = await dial(listener.port)
  assert.equal(await near.closed, 'REFUSED')
  assert.equal(near.reason?.data.code, 'BANNED')
  assert.match(near.reason?.message ?? '', /banned until noon/)
  await refused
})
