import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KnownType } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { Rates } from './rates.ts'

/** How many of `count` messages of a type pass at once. */
const passing = (rates: Rates, type: KnownType, count: number, nowMs = 0): number =>
  Array.from({ length: count }, () => rates.allow(type, nowMs)).filter(Boolean).length

test('progress, which may be lost, leaves room for statements that may not', () => {
  const rates = new Rates(0)
  assert.equal(passing(rates, MessageType.PROGRESS, 5_000), 1_000)
  for (const type of [MessageType.COMMITMENT, MessageType.PAYMENT, MessageType.DELIVERY])
    assert.equal(passing(rates, type, 100), 100)
  assert.equal(passing(rates, MessageType.PROGRESS, 5_000, 1_000), 300)
})

test('a kind of message has its rate, whatever else the peer sends', () => {
  const rates = new Rates(0)
  assert.equal(passing(rates, MessageType.JOB, 1_000), 100)
  assert.equal(passing(rates, MessageType.HEADERS, 1_000), 100)
  assert.equal(passing(rates, MessageType.GET_PEERS, 100), 5)
  assert.equal(passing(rates, MessageType.GET_UTXOS, 1_000), 400)
  assert.equal(passing(rates, MessageType.GET_BLOCKS, 1_000), 400)
  assert.equal(passing(rates, MessageType.HEADERS, 1_000, 500), 5)
  assert.equal(passing(rates, MessageType.GET_PEERS, 100, 10_000), 1)
})
