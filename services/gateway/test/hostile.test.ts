import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { networkParams } from '@camelid/consensus'
import { sealKeystore } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { encodeFrame, NO_ADDRESS } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { sharedNats } from './shared-nats.ts'
import { TestGateway } from './test-gateway.ts'

let gateway: TestGateway
let httpPort: number

before(async () => {
  httpPort = await freePort()
  gateway = await TestGateway.start({ HTTP_PORT: String(httpPort) })
})

after(async () => {
  await gateway[Symbol.asyncDispose]()
  await (await sharedNats()).stop()
})

async function tls(): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: gateway.port, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()))
  return socket
}

async function closed(socket: {
  once(event: 'close', listener: () => void): unknown
  resume(): unknown
}): Promise<void> {
  socket.resume()
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
}

test('garbage, before TLS, in place of a handshake, and after it, ends the connection and nothing else', async () => {
  const honest = await gateway.dial()
  for (let i = 0; i < 20; i++) {
    const plain = connectTcp(gateway.port, '127.0.0.1')
    plain.on('error', () => undefined)
    const plainEnd = closed(plain)
    plain.write(randomBytes(2_000))
    const socket = await tls()
    const tlsEnd = closed(socket)
    socket.write(randomBytes(5_000))
    await Promise.all([plainEnd, tlsEnd])
  }
  const claim = encodeFrame(
    {
      type: MessageType.JOB_STATEMENTS,
      payload: new Uint8Array(0),
      messageId: new Uint8Array(16),
      sender: NO_ADDRESS,
      receiver: NO_ADDRESS,
      ttl: 0,
      flood: false,
    },
    networkParams('local').magic,
  )
  new DataView(claim.buffer).setUint32(64, 8 * 1024 * 1024, true)
  const stranger = await tls()
  const strangerEnd = closed(stranger)
  stranger.write(claim)
  await strangerEnd
  const member = await gateway.dial()
  member.connection.sendEncoded(MessageType.JOB, randomBytes(3_000))
  assert.equal(await member.connection.closed, 'REFUSED')
  const rubbish = await gateway.dial()
  for (const type of [MessageType.GET_HEADERS, MessageType.HEADERS, MessageType.TRANSACTION, MessageType.INVENTORY])
    rubbish.connection.send({ type, payload: Uint8Array.of(0xff, 0xff, 0xff) })
  assert.equal(await rubbish.connection.closed, 'REFUSED')
  assert.equal(rubbish.connection.reason?.data.code, 'BANNED')
  assert.equal(honest.connection.reason, undefined)
  assert.equal((await gateway.client.listPeers({})).peers.length, 1)
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  assert.match(metrics, /camelid_p2p_peers\{direction="in",.*\} 1/)
  assert.match(metrics, /camelid_p2p_bans_total\{.*\} [1-9]/)
  assert.match(metrics, /camelid_p2p_bytes_total\{direction="in",type="GET_HEADERS",.*\} [1-9]/)
  assert.match(metrics, /camelid_p2p_refused_total\{code="WRONG_NETWORK",.*\} 20/)
  honest.connection.close('NOT_NEEDED')
})

test('what keeps a gateway from starting is said in one line, with the fix, and the exit code is 1', async () => {
  const second = await TestGateway.prepare()
  const cases: [Record<string, string>, RegExp][] = [
    [
      { P2P_PORT: String(gateway.port) },
      /port \d+ on 127\.0\.0\.1 is in use: stop what listens there, or set another port/,
    ],
    [
      { NODE_KEYSTORE: '/nowhere/node.keystore' },
      /cannot read the keystore \/nowhere\/node\.keystore \(ENOENT\).*camelid node init/,
    ],
    [{ SEEDS: 'no seed' }, /SEEDS.*host:port/],
    [{ NODE_PASSWORD_FILE: '' }, /NODE_PASSWORD: not set/],
  ]
  const wrong = join(second.directory, 'wrong')
  writeFileSync(wrong, 'not it')
  cases.push([{ NODE_PASSWORD_FILE: wrong }, /password/i])
  const other = join(second.directory, 'other.keystore')
  writeFileSync(other, sealKeystore({ secrets: { mining: new Uint8Array(32).fill(1) }, password: 'not it' }))
  cases.push([{ NODE_KEYSTORE: other, NODE_PASSWORD_FILE: wrong }, /holds no secret .*node.*camelid node init/])
  for (const [env, message] of cases) {
    const service = second.spawn(env)
    assert.equal(await service.ended(), 1)
    assert.match(service.output, message)
  }
  await second[Symbol.asyncDispose]()
})

test('it stops in order on SIGTERM, with peers connected, and tells them', async () => {
  const peer = await gateway.dial()
  assert.equal(await gateway.stop(), 0)
  assert.equal(await peer.connection.closed, 'REFUSED')
  assert.equal(peer.connection.reason?.data.code, 'SHUTTING_DOWN')
})
