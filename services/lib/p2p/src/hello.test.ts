import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { P2pError } from './errors.ts'
import { decodeHello, encodeHello } from './hello.ts'
import { party } from './testing.ts'

const us = party()

test('a Hello says what its sender is', () => {
  const nonce = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const property = fc.property(nonce, fc.nat(65_535), fc.nat(), fc.string(), (salt, listenPort, height, agent) => {
    const them = party({ listenPort, agent, services: 3n, getStatus: () => ({ height, work: Uint8Array.of(1, 2) }) })
    const { agent: shown, ...hello } = decodeHello(encodeHello(them, salt, '::ffff:8.8.8.8'), us)
    const nodeKey = them.identity.publicKey
    const said = { services: 3n, listenPort, height, work: Uint8Array.of(1, 2), seenHost: '8.8.8.8' }
    assert.deepEqual(hello, { nodeKey, nonce: salt, ...said })
    assert.match(shown, /^[\x20-\x7e]{0,64}$/)
  })
  fc.assert(property, { numRuns: 50 })
})

test('any other bytes are a Hello in bounds, or refused by name', () => {
  const good = encodeHello(party(), new Uint8Array(32).fill(5))
  const read = (payload: Uint8Array): void => {
    try {
      const { nodeKey, nonce, listenPort, work, agent } = decodeHello(payload, us)
      assert.deepEqual([nodeKey.length, nonce.length], [33, 32])
      assert.ok(listenPort <= 65_535 && work.length <= 32 && agent.length <= 64)
    } catch (error) {
      assert.ok(error instanceof P2pError, String(error))
    }
  }
  const property = fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(), fc.nat(255), (random, place, byte) => {
    read(random)
    read(good.with(place % good.length, byte))
    read(good.slice(0, place % good.length))
    read(Uint8Array.of(...good, ...random))
  })
  fc.assert(property, { numRuns: 1_000 })
})
