import assert from 'node:assert/strict'
import { connect as connectTcp } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { PeerConnection } from './connection.ts'
import { dialPeer } from './dial.ts'
import { listenPeers } from './listen.ts'
import { code, dial, frame, listening, party, rawSocket, untilEnd } from './testing.ts'

test('who says nothing, half a Hello, or no TLS at all, is dropped at the deadline', async () => {
  await using listener = await listening({ limits: { handshakeMs: 800 } })
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

test('a crowd in handshake gives way to who comes alone, and a handshake that ended takes no place', async () => {
  await using listener = await listening({ maxHandshakes: 3 })
  const crowd = []
  for (let i = 0; i < 3; i++) crowd.push(await rawSocket(listener.port))
  const [first] = crowd
  assert.ok(first !== undefined)
  // Of the crowd itself nobody more gets in.
  await assert.rejects(dial(listener.port), code('CONNECT_FAILED'))
  const end = untilEnd(first)
  // The ends of those who give way are reported too.
  const nextConnection = async (): Promise<PeerConnection> => {
    for (;;) {
      const connection = await listener.next().catch(() => undefined)
      if (connection !== undefined) return connection
    }
  }
  for (let i = 2; i < 6; i++) {
    const near = await dialPeer({ ...party(), host: '127.0.0.1', port: listener.port, localAddress: `127.0.0.${i}` })
    assert.equal((await nextConnection()).remote.host, `127.0.0.${i}`)
    near.close('NOT_NEEDED')
  }
  await end
  assert.equal(crowd.filter((socket) => socket.closed).length, 1)
  for (const socket of crowd) socket.destroy()
})
